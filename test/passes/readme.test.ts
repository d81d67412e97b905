import { readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../../src/kernel/package-root.js';
import { fromBase45 } from '../../src/passes/base45.js';
import { encodeClaims } from '../../src/passes/claims.js';
import { openSign1, protectedHeader, toBeSigned } from '../../src/passes/cose.js';
import { loadSigningKey } from '../../src/passes/keys.js';
import { issuePass, verifyPass } from '../../src/passes/pass.js';
import { here, noon, ringOf, sampleClaims } from './sample.js';

const readme = readFileSync(new URL('src/passes/README.md', packageRoot), 'utf8');
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

function example(name: string): string {
  const line = readme.split('\n').find((text) => text.startsWith(`${name} `) && !text.includes(' = '));
  return line?.slice(name.length).trimStart() ?? `no line ${name} in the example`;
}

t.test('the example in the README holds, step by step', async (t) => {
  const key = loadSigningKey(JSON.parse(/```json\n(.*?)```/s.exec(readme)?.[1] ?? ''));
  const text = example('text');
  const header = protectedHeader(key.kid);
  const claims = encodeClaims(sampleClaims);
  t.match(readme, `\`kid\` ${key.kid}`);
  t.equal(hex(header), example('protected'));
  t.equal(hex(claims), example('claims'));
  t.equal(hex(toBeSigned(header, claims)), example('signed'));
  t.equal(hex(openSign1(fromBase45(text.slice(4)) ?? Uint8Array.of())?.signature), example('signature'));
  t.equal(issuePass(sampleClaims, key), text);
  t.ok(verifyPass(text, ringOf(key), noon, here).ok);
  t.match(readme, `That is ${text.length} characters`);
});
