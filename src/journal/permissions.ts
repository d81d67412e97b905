import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs';
import { Fault } from '../kernel/faults.js';

/** Only the kiosk's own user reads and writes the journal: it has the loans of patrons. */
const ownerOnly = 0o600;

/**
 * Makes `file` where missing, for this user alone whatever the umask. Throws `journal.rights` when it is another user's:
 * files made by the wrong user would lock the right one out. Throws Node's errors when it cannot be made.
 */
export function createOrCheckOwner(file: string): void {
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', ownerOnly));
    chmodSync(file, ownerOnly);
    return;
  }
  const { uid } = statSync(file);
  const ours = process.getuid?.();
  if (ours === undefined || uid === ours) return;
  throw new Fault('journal.rights', `${file} belongs to user ${uid}, this program runs as user ${ours}`);
}

/** Removes other users' permissions for `file` and its log; returns a fault that names the files, null if none had any. */
export function restrictToOwner(file: string): Fault | null {
  const open = [file, `${file}-wal`].filter((one) => existsSync(one) && (statSync(one).mode & 0o077) !== 0);
  if (open.length === 0) return null;
  for (const one of open) chmodSync(one, ownerOnly);
  return new Fault('journal.rights', `other users could use ${open.join(' and ')}; they cannot any more`);
}
