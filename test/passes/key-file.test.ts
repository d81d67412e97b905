import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readTrace, spawnTraced } from '../../scripts/proofs/support/syscalls.js';
import { loadOrMakeKioskKey, loadOrMakeSigningKey } from '../../src/passes/key-file.js';
import {
  generateSigningKey,
  loadSigningKey,
  signingKeyPem,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../src/passes/keys.js';

t.test('a kiosk makes its key once, for itself only', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'kiosk-key.pem');
  const made = signingKeyPem(loadOrMakeKioskKey(folder));
  t.equal(signingKeyPem(loadOrMakeKioskKey(folder)), made);
  t.equal(readFileSync(file, 'utf8'), made);
  t.equal(loadSigningKey(made).kid, loadOrMakeKioskKey(folder).kid);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.notOk(existsSync(`${file}.new`));
});

t.test('a file that a power cut left unfinished is replaced, readable by its owner only', async (t) => {
  const file = join(t.testdir({ 'a.pem.new': '-----BEGIN PRIVATE' }), 'a.pem');
  t.equal(loadOrMakeSigningKey(file).kid, loadOrMakeSigningKey(file).kid);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.notOk(existsSync(`${file}.new`));
});

t.test('an unusable key file is reported and not replaced', async (t) => {
  const folder = t.testdir();
  const contents = {
    'empty.pem': '',
    'half.pem': signingKeyPem(generateSigningKey()).slice(0, 60),
    'public.pem': verifyingKeyPem(verifyingKeyOf(generateSigningKey())),
  };
  for (const [name, text] of Object.entries(contents)) {
    const file = join(folder, name);
    writeFileSync(file, text);
    t.throws(() => loadOrMakeSigningKey(file), { code: 'pass.key-unusable', message: /Ed25519/ }, name);
    t.equal(readFileSync(file, 'utf8'), text, name);
  }
});

t.test('a key that can neither be read nor made is a fault, not a crash', async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, 'folder.pem'));
  for (const file of [join(folder, 'folder.pem'), join(folder, 'missing', 'key.pem')]) {
    const fault = { code: 'pass.key-unusable', message: /neither be read nor made/ };
    t.throws(() => loadOrMakeSigningKey(file), fault, file);
    t.throws(() => loadOrMakeSigningKey(file), { message: file });
  }
});

t.test('a new key is on the disk, and so is its name, before anything is signed with it', async (t) => {
  const folder = t.testdir();
  const [file, trace] = [join(folder, 'key.pem'), join(folder, 'trace')];
  const module = fileURLToPath(new URL('../../src/passes/key-file.js', import.meta.url));
  const program = `(await import(${JSON.stringify(module)})).loadOrMakeSigningKey(${JSON.stringify(file)})`;
  await once(spawnTraced(trace, ['--input-type=module', '-e', program]), 'close');
  const calls = readTrace(trace).filter(({ path }) => path === folder || path.startsWith(file));
  t.strictSame(
    calls.map(({ name, path }) => `${name} ${path}`),
    [`write ${file}.new`, `fsync ${file}.new`, `fsync ${folder}`],
  );
});
