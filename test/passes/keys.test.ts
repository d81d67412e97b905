import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import t from 'tap';
import {
  createKeyRing,
  generateSigningKey,
  keyId,
  loadSigningKey,
  loadVerifyingKey,
  signingKeyPem,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../src/passes/keys.js';
import { issuePass, verifyPass } from '../../src/passes/pass.js';
import { here, noon, sampleClaims } from './sample.js';

const unusable = (message: RegExp) => ({ code: 'pass.key-unusable', message });

t.test('reads keys from PEM and JWK', async (t) => {
  const key = generateSigningKey();
  const text = issuePass(sampleClaims, key);
  const privateForms = [signingKeyPem(key), key.privateKey.export({ format: 'jwk' })];
  for (const form of privateForms) t.equal(issuePass(sampleClaims, loadSigningKey(form)), text);
  const verifying = verifyingKeyOf(key);
  const publicForms = [
    verifyingKeyPem(verifying),
    verifying.publicKey.export({ format: 'jwk' }),
    verifying.publicKey,
  ];
  for (const publicKey of publicForms) {
    t.ok(verifyPass(text, createKeyRing([{ kid: key.kid, publicKey }]), noon, here).ok);
  }
});

t.test('names a key by the hash of its public bytes', async (t) => {
  // The public key of RFC 8032 section 7.1, TEST 1; its SHA-256 begins with 21fe31df.
  const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  t.equal(loadVerifyingKey({ kty: 'OKP', crv: 'Ed25519', x }).kid, '21fe31df');
});

t.test('refuses a key that is not Ed25519', async (t) => {
  const others = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('rsa', { modulusLength: 1_024 }),
    generateKeyPairSync('x25519'),
    generateKeyPairSync('ed448'),
  ];
  for (const { privateKey, publicKey } of others) {
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
    t.throws(() => loadSigningKey(String(privatePem)), unusable(/not Ed25519/));
    t.throws(() => loadVerifyingKey(String(publicPem)), unusable(/not Ed25519/));
    t.throws(() => createKeyRing([{ kid: '00000000', publicKey }]), unusable(/not Ed25519/));
  }
});

t.test('refuses text that is no key, without quoting it', async (t) => {
  for (const load of [loadSigningKey, loadVerifyingKey]) {
    for (const text of [
      '',
      'SECRET-TEXT',
      { kty: 'OKP', crv: 'Ed25519' },
      { kty: 'oct', k: 'SECRET-TEXT' },
    ]) {
      t.throws(() => load(text), unusable(/^((?!SECRET).)*$/));
    }
  }
});

t.test('refuses a private key where only public ones belong', async (t) => {
  const key = generateSigningKey();
  t.throws(() => loadVerifyingKey(signingKeyPem(key)), unusable(/private key does not belong/));
  t.throws(
    () => loadVerifyingKey(key.privateKey.export({ format: 'jwk' })),
    unusable(/private key does not belong/),
  );
  t.throws(() => keyId(key.privateKey), unusable(/private key does not belong/));
});

t.test('refuses a key under another key’s id, and a key twice', async (t) => {
  const key = verifyingKeyOf(generateSigningKey());
  const other = verifyingKeyOf(generateSigningKey());
  t.throws(() => createKeyRing([{ kid: other.kid, publicKey: key.publicKey }]), unusable(/the key given as/));
  t.throws(() => createKeyRing([{ kid: '', publicKey: key.publicKey }]), unusable(/the key given as/));
  t.throws(() => createKeyRing([key, other, key]), unusable(/there twice/));
  t.equal(createKeyRing([]).size, 0);
  t.equal(key.kid, keyId(createPublicKey(verifyingKeyPem(key))));
});
