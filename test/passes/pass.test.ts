import t from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { type EpochMs, epochMs } from '../../src/kernel/time.js';
import { generateSigningKey } from '../../src/passes/keys.js';
import { issuePass, verifyPass } from '../../src/passes/pass.js';
import { warmUpVerification } from '../../src/passes/warm-up.js';
import { at, begins, ends, here, noon, ringOf, sample, sampleClaims } from './sample.js';

const { patron, pass } = sampleClaims;
const good = { ok: true, value: sampleClaims } as const;
const no = (reason: string) => ({ ok: false, reason });

t.test('decodes to what was issued', async (t) => {
  const { text, ring } = sample();
  t.same(verifyPass(text, ring, noon, here), good);
});

t.test('finds the right key among several', async (t) => {
  const { key, text } = sample();
  t.same(verifyPass(text, ringOf(generateSigningKey(), key, generateSigningKey()), noon, here), good);
});

t.test('issues the same text for the same claims and key', async (t) => {
  const { key, text } = sample();
  t.equal(issuePass(sampleClaims, key), text);
});

t.test('fits a small QR code: at most 195 characters, all alphanumeric', async (t) => {
  const { text } = sample();
  t.match(text, /^LN1:[0-9A-Z $%*+./:-]+$/);
  t.ok(text.length <= 195, `${text.length} characters; 195 fit version 6-L`);
  t.notMatch(text, / $/, 'no reader can lose a blank at the end');
});

t.test('is valid from its first second until just before its end', async (t) => {
  const { text, ring } = sample();
  t.same(verifyPass(text, ring, at(begins), here), good);
  t.same(verifyPass(text, ring, at(ends - 1), here), good);
  t.same(verifyPass(text, ring, at(ends), here), no('pass-expired'));
});

t.test('is accepted a little before its start, because the catalogue’s clock may be ahead', async (t) => {
  const { text, ring } = sample();
  const early = begins - limits.passClockSkewMs;
  t.same(verifyPass(text, ring, at(early), here), good);
  t.same(verifyPass(text, ring, at(early - 1), here), no('pass-not-yet-valid'));
});

t.test('is not refused wrongly when time is not trusted', async (t) => {
  const { text, ring } = sample();
  const yearsAgo = at(begins - 1e11, 'floor');
  t.same(verifyPass(text, ring, yearsAgo, here), good, 'the true time may be any later one');
  t.same(verifyPass(text, ring, at(ends - 1, 'floor'), here), good);
  t.same(verifyPass(text, ring, at(ends, 'floor'), here), no('pass-expired'), 'the true time is later still');
});

t.test('keeps whole seconds: never a longer life than was asked for', async (t) => {
  const { key, ring } = sample();
  const text = issuePass({ ...sampleClaims, validUntil: epochMs(ends + 999) }, key);
  t.same(verifyPass(text, ring, at(ends), here), no('pass-expired'));
});

t.test('is not issued with invalid claims', async (t) => {
  const { key } = sample();
  t.throws(() => issuePass({ ...sampleClaims, validUntil: begins }, key), /ends after it begins/);
  t.throws(() => issuePass({ ...sampleClaims, validUntil: epochMs(5e12) }, key), /before 2106/);
  t.throws(() => issuePass({ ...sampleClaims, validFrom: -1 as EpochMs }, key), /ends after it begins/);
  t.throws(
    () => issuePass({ ...sampleClaims, validFrom: Number.NaN as EpochMs }, key),
    /ends after it begins/,
  );
  t.throws(() => issuePass({ ...sampleClaims, patron: 'Zhang San' as typeof patron }, key), /16 hex digits/);
  t.throws(() => issuePass({ ...sampleClaims, pass: 'ABCD' as typeof pass }, key), /16 hex digits/);
});

t.test('can be warmed up before the first visit', async (t) => {
  t.doesNotThrow(warmUpVerification);
});
