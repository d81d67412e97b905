import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { proofText, refusalText } from '../../../scripts/technician/receipt/main.js';
import { epoch, itemId, kioskId, visitNo } from '../../../src/kernel/ids.js';
import { epochMs } from '../../../src/kernel/time.js';
import { loadOrMakeKioskKey } from '../../../src/passes/key-file.js';
import { generateSigningKey, verifyingKeyOf, verifyingKeyPem } from '../../../src/passes/keys.js';
import { issueReceipt, type Receipt } from '../../../src/passes/receipt.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { runTool } from './technician.js';

const receipt: Receipt = {
  kiosk: kioskId('jn-01'),
  item: itemId('30106000000017'),
  at: epochMs(1_772_323_200_000),
  trust: 'trusted',
  epoch: epoch('0f4e1c9b7a6d5e32'),
  visit: visitNo(4_711),
};

/** A kiosk's folder with its key, the public half as staff have it, and a receipt from it. */
function kioskOf(t: Test) {
  const folder = t.testdir();
  const key = loadOrMakeKioskKey(folder);
  const publicFile = join(folder, 'jn-01.pem');
  writeFileSync(publicFile, verifyingKeyPem(verifyingKeyOf(key)));
  return { ownFile: join(folder, 'kiosk-key.pem'), publicFile, text: issueReceipt(receipt, key) };
}

async function run(t: Test, args: readonly string[], typed?: string) {
  const tool = runTool(t, 'receipt', args);
  if (typed !== undefined) tool.type(typed);
  return { code: await tool.ended, out: tool.out(), err: tool.err() };
}

t.test('says what a receipt proves, by the public key or the kiosk’s own', async (t) => {
  const { ownFile, publicFile, text } = kioskOf(t);
  for (const file of [publicFile, ownFile]) {
    const { code, out } = await run(t, [text, '--key', file]);
    t.equal(code, 0);
    t.match(out, /^✓ 凭条有效 the receipt is genuine\n/);
    t.match(
      out,
      /kiosk +jn-01\n.*item +30106000000017\n.*time +2026-03-01 08:00:00 .*\n.*0f4e1c9b7a6d5e32\n.*4711\n/,
    );
    t.notMatch(out, 'not before');
    t.notMatch(out, /PRIVATE/);
  }
});

t.test('takes the receipt from a hand scanner too, with its AIM identifier and line end', async (t) => {
  const { publicFile, text } = kioskOf(t);
  const { code, out } = await run(t, ['--key', publicFile, '--json'], `]Q1${text}\r`);
  t.equal(code, 0);
  t.same(JSON.parse(out), { ok: true, value: receipt });
});

t.test('says why a text proves nothing, and exits with 1', async (t) => {
  const { publicFile, text } = kioskOf(t);
  const cases: readonly (readonly [string, RegExp])[] = [
    [issueReceipt(receipt, generateSigningKey()), /别的书亭[\s\S]*another kiosk/],
    [text.slice(0, -3), /没有读全[\s\S]*part of it is missing/],
    [text.replace('LNR1:', 'LN1:'), /不是还书凭条/],
  ];
  for (const [wrong, why] of cases) {
    const { code, out } = await run(t, [wrong, '--key', publicFile]);
    t.equal(code, 1);
    t.match(out, /^✗ 凭条无效 it proves nothing\n/);
    t.match(out, why);
  }
});

t.test('a key that cannot be used, or is missing, is named', async (t) => {
  const { text } = kioskOf(t);
  const broken = join(t.testdirName, 'broken.pem');
  writeFileSync(broken, 'PRIVATE KEY');
  for (const file of [broken, '/no/such/file']) {
    const { code, err } = await run(t, [text, '--key', file]);
    t.equal(code, 1);
    t.match(err, /钥匙文件不能用/);
  }
  const { code, err } = await run(t, [text]);
  t.match([code, err], [2, /^error: required option '--key <file>' not specified\n$/]);
});

t.test('the words fit a photo of the screen; an uncertain clock is admitted', async (t) => {
  const uncertain = proofText({ ...receipt, trust: 'floor', kiosk: kioskId('a'.repeat(31)) });
  t.match(uncertain, /不早于 not before +2026-03-01 08:00:00/);
  t.match(uncertain, /当时时钟不准，实际不会更早。\n/);
  t.match(uncertain, /was\s+not\s+certain/);
  const pages = [
    proofText(receipt),
    uncertain,
    refusalText('receipt-forged'),
    refusalText('receipt-unreadable'),
  ];
  for (const line of pages.join('').split('\n')) t.ok(displayWidth(line) <= 60, line);
});
