import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../kernel/faults.js';
import { generateSigningKey, loadSigningKey, type SigningKey, signingKeyPem } from './keys.js';

/** The kiosk's own key in its data folder `folder`, for receipts; made on first use. Throws like `keepSigningKey`. */
export const loadOrMakeKioskKey = (folder: string): SigningKey =>
  loadOrMakeSigningKey(join(folder, 'kiosk-key.pem'));

/**
 * The key in `file` (PKCS #8 PEM); made on first use, readable by its owner only. Throws `pass.key-unusable` for a
 * file that is damaged, cannot be read or cannot be made: what a lost key has signed could never be verified again, so
 * no new key replaces it.
 */
export function loadOrMakeSigningKey(file: string): SigningKey {
  try {
    if (existsSync(file)) return loadSigningKey(readFileSync(file, 'utf8'));
    const key = generateSigningKey();
    writeSecret(file, signingKeyPem(key));
    return key;
  } catch (error) {
    const why = error instanceof Fault ? 'holds no Ed25519 private key' : 'can neither be read nor made';
    throw new Fault('pass.key-unusable', `${file} ${why}`, { cause: error });
  }
}

/** Writes the file whole or not at all, and synced: a signature must not survive a power cut that loses its key. */
function writeSecret(file: string, text: string): void {
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  synced(unfinished, 'wx', (handle) => writeFileSync(handle, text));
  renameSync(unfinished, file);
  synced(dirname(file), 'r', () => undefined);
}

/** Opens a file (or a folder, whose names are its contents), lets `write` fill it, and syncs it to the disk. */
function synced(path: string, flags: 'wx' | 'r', write: (handle: number) => void): void {
  const handle = openSync(path, flags, 0o600);
  try {
    write(handle);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
