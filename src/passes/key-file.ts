import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { generateSigningKey, loadSigningKey, type SigningKey, signingKeyPem } from './keys.js';

/** The key in `file`; made on first use, readable by its owner only. Throws `pass.key-unusable` for a damaged file. */
export function keepSigningKey(file: string): SigningKey {
  if (existsSync(file)) return loadSigningKey(readFileSync(file, 'utf8'));
  const key = generateSigningKey();
  writeSecret(file, signingKeyPem(key));
  return key;
}

/** Whole or not at all: half a key after a power cut would keep the catalogue from starting. */
function writeSecret(file: string, text: string): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  const handle = openSync(unfinished, 'wx', 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
}
