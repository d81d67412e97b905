import { Secret } from 'otpauth';
import t from 'tap';
import { epochMs } from '../../src/kernel/time.js';
import { makePresenceSecret, presenceCode, presenceStep, stepOfCode } from '../../src/passes/presence.js';

/** RFC 6238, appendix B: the secret of the SHA-1 vectors, and seconds since 1970 with their codes. */
const presence = { secret: Secret.fromLatin1('12345678901234567890').base32, periodS: 30, digits: 8 };
const vectors = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const;
const at = (seconds: number) => epochMs(seconds * 1_000);

t.test('codes are those of RFC 6238', async (t) => {
  for (const [seconds, code] of vectors) t.equal(presenceCode(presence, at(seconds)), code, String(seconds));
  t.equal(presenceStep(presence, at(59)), 1);
  t.equal(presenceStep(presence, at(1_111_111_109)), 0x23523ec);
});

t.test(
  'a code is good in its own period, in the one before and in the one after, and not longer',
  async (t) => {
    const [now, code] = vectors[3];
    const step = presenceStep(presence, at(now));
    for (const late of [-30, 0, 29, 30])
      t.equal(stepOfCode(presence, code, at(now + late)), step, String(late));
    for (const late of [-60, 60, 3_600])
      t.equal(stepOfCode(presence, code, at(now + late)), null, String(late));
  },
);

t.test('a malformed code is refused', async (t) => {
  const [now, code] = vectors[3];
  for (const wrong of [
    '',
    code.slice(1),
    `${code}0`,
    '89005925',
    'abcdefgh',
    '８９００５９２４',
    ' 8900592',
  ]) {
    t.equal(stepOfCode(presence, wrong, at(now)), null, wrong);
  }
  const others = [makePresenceSecret(), makePresenceSecret()];
  t.match(others[0], /^[A-Z2-7]{32}$/);
  t.not(others[0], others[1]);
  t.equal(stepOfCode({ ...presence, secret: others[0] ?? '' }, code, at(now)), null, 'another kiosk’s');
});
