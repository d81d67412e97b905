import t, { type Test } from 'tap';
import { openDatabase } from '../../src/catalogue/database.js';
import { prepareDocuments } from '../../src/catalogue/documents.js';
import { preparePresence } from '../../src/catalogue/presence.js';
import { prepareVersions } from '../../src/catalogue/versions.js';
import { patronId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { RateLimiter } from '../../src/kernel/rate-limiter.js';
import { epochMs } from '../../src/kernel/time.js';
import { type PresenceSecret, presenceCode } from '../../src/passes/presence.js';
import { kiosk, neighbour, wang } from '../support/catalogue.js';

const li = patronId('1f8e6a2c5d3b7094');
const start = epochMs(1_795_446_000_000);
const later = (seconds: number) => epochMs(start + seconds * 1_000);

function open(test: Test) {
  const db = openDatabase(`${test.testdir()}/catalogue.db`);
  test.teardown(() => void db.close());
  const versions = prepareVersions(db, () => start);
  const raised: string[] = [];
  const presence = preparePresence(db, versions, (name, to) => raised.push(`${name} ${to}`));
  presence.ensure(kiosk);
  const documentFor = prepareDocuments(db, versions, { trustedPems: () => [] });
  const secretOf = (of = kiosk): PresenceSecret => {
    const document = documentFor('presence', of);
    if (document?.name !== 'presence') throw new Error('no secret');
    return document.body;
  };
  const check = (code: string, at = start, patron = wang, of = kiosk) =>
    presence.checkPresence({ kiosk: of, patron, code, at });
  return { presence, documentFor, secretOf, check, raised };
}

t.test('a code proves presence; an expired code, or one of another kiosk, does not', async (t) => {
  const { presence, secretOf, check, documentFor } = open(t);
  const code = presenceCode(secretOf(), start);
  t.match(code, /^\d{8}$/);
  t.equal(check(code, later(45)), 'present');
  t.equal(check(code, later(90)), 'wrong');
  t.equal(check(code, start, wang, neighbour), 'wrong', 'that kiosk has no secret');
  t.equal(documentFor('presence', neighbour), null);
  presence.ensure(neighbour);
  t.equal(check(code, start, wang, neighbour), 'wrong');
});

t.test('a new secret invalidates the old codes and is published to that kiosk', async (t) => {
  const { presence, secretOf, check, raised, documentFor } = open(t);
  const code = presenceCode(secretOf(), start);
  const version = documentFor('presence', kiosk)?.body.version ?? 0;
  presence.ensure(kiosk);
  t.equal(check(code), 'present', 'a secret stays');
  presence.renewPresence(kiosk);
  t.equal(check(code), 'wrong');
  t.equal(check(presenceCode(secretOf(), start)), 'present');
  t.strictSame(raised, [`presence ${kiosk}`, `presence ${kiosk}`]);
  t.ok((documentFor('presence', kiosk)?.body.version ?? 0) > version);
});

t.test(
  'one person may use one code a few times; another person and the next code are not limited by that',
  async (t) => {
    const { secretOf, check } = open(t);
    const code = presenceCode(secretOf(), start);
    for (let use = 0; use < limits.presenceUseTimes; use++) t.equal(check(code), 'present');
    t.equal(check(code), 'too-often');
    t.equal(check(code, start, li), 'present');
    t.equal(check(presenceCode(secretOf(), later(60)), later(60)), 'present');
  },
);

t.test(
  'a person who guesses codes has to wait, and after many guesses at a kiosk all persons there',
  async (t) => {
    const { secretOf, check } = open(t);
    const right = (at = start) => presenceCode(secretOf(), at);
    for (let guess = 0; guess < limits.presenceGuessAttempts; guess++) t.equal(check('00000000'), 'wrong');
    t.equal(check(right()), 'too-often');
    t.equal(check(right(), start, li), 'present');
    const calm = later(limits.presenceGuessMs / 1_000);
    t.equal(check(right(calm), calm), 'present');
    for (let guess = 0; guess < limits.presenceKioskGuessAttempts; guess++) {
      check('00000000', calm, patronId(guess.toString(16).padStart(16, '0')));
    }
    t.equal(check(right(calm), calm, li), 'too-often');
  },
);

t.test('the number of counted keys is bounded', async (t) => {
  const tally = new RateLimiter(1, 1_000);
  for (let n = 0; n < limits.rateLimiterLength; n++) tally.tryAdd(String(n), start);
  t.equal(tally.tryAdd('one more', start), false);
  t.equal(tally.tryAdd('one more', later(1)), true, 'once the others are forgotten');
  t.equal(
    tally.isLimited('one more', epochMs(start - 5_000)),
    false,
    'nobody waits for a clock that went back',
  );
});
