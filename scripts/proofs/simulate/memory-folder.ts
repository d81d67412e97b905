import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a disk may lose is the business of `npm run crash`; here a real one would only be slower. */
const memoryDisk = '/dev/shm';

/** A folder for journals that is gone with whatever `work` leaves in it. */
export function inMemoryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), 'lening-simulate-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
