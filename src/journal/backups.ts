import { constants } from 'node:fs';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { type Cancel, realWait, type Wait } from '../kernel/wait.js';
import type { CheckResult } from './check.js';
import type { CheckTask } from './check-worker.js';
import type { Journal } from './journal.js';

/** Copies of the journal on a second medium, made while the kiosk is in service. */
export interface Backups {
  start(): void;
  /** Makes one now and returns its file; rejects with `journal.backup`. */
  make(): Promise<string>;
  /** Stops; resolves when a running backup has ended. */
  close(): Promise<void>;
}

export interface BackupsOptions {
  readonly journal: Pick<Journal, 'snapshot' | 'markBackedUp' | 'epoch'>;
  /** An existing folder that is only there while the medium is: so nothing is written in its place. */
  readonly folder: string;
  readonly everyMs: number;
  /** URL of the module that exports `ledgerRules`: a copy is checked in a thread of its own. */
  readonly rulesModule: string;
  readonly log: Log;
  /** Overrides the machine's timers, where time is simulated. */
  readonly wait?: Wait;
}

/** Makes the backups of a journal; nothing happens before `start`. One that fails is logged and stops nothing else. */
export function createBackups(options: BackupsOptions): Backups {
  return new ScheduledBackups(options);
}

const fileName = /^journal-(\d{6})\.db$/;
const nameOf = (number: number) => `journal-${String(number).padStart(6, '0')}.db`;

/** The backups in `folder`, the newest first. */
export async function backupsIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name));
  return names
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

class ScheduledBackups implements Backups {
  #cancel: Cancel = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(private readonly options: BackupsOptions) {}

  start(): void {
    this.#next(Math.min(this.options.everyMs, limits.journalBackupFirstMs));
  }

  async make(): Promise<string> {
    const { folder } = this.options;
    try {
      return await this.#make();
    } catch (error) {
      if (error instanceof Fault) throw error;
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw new Fault('journal.backup', `no backup in ${folder}: ${error.message}`, { cause: error });
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  #next(waitMs: number): void {
    const { wait = realWait, everyMs } = this.options;
    this.#cancel = wait(waitMs, () => {
      this.#running = this.#makeAndLog().then(() => {
        if (!this.#closed) this.#next(everyMs);
      });
    });
  }

  async #makeAndLog(): Promise<void> {
    const { log } = this.options;
    try {
      log.info({ file: await this.make() }, 'journal backed up');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      log.error({ code: error.code }, error.message);
    }
  }

  async #make(): Promise<string> {
    const { folder, journal, rulesModule } = this.options;
    await stat(folder);
    const [newest] = await backupsIn(folder);
    const number = Number(fileName.exec(newest?.slice(folder.length + 1) ?? '')?.[1] ?? 0) + 1;
    const file = join(folder, nameOf(number));
    const part = `${file}.part`;
    await removeParts(folder);
    const { bytes, epoch, position } = journal.snapshot();
    await writePrivately(part, bytes);
    const { findings } = await checkInWorker({ file: part, rulesModule });
    if (findings.length > 0) {
      await rm(part, { force: true });
      throw new Fault('journal.backup', `the copy in ${folder} is not good: ${findings.join('; ')}`);
    }
    await syncFile(part);
    await rename(part, file);
    await syncFile(folder);
    for (const old of (await backupsIn(folder)).slice(limits.journalBackups)) await rm(old, { force: true });
    if (journal.epoch === epoch) journal.markBackedUp(position);
    return file;
  }
}

/** What earlier attempts left behind. */
async function removeParts(folder: string): Promise<void> {
  const parts = (await readdir(folder)).filter((name) => /^journal-\d{6}\.db\.part/.test(name));
  for (const name of parts) await rm(join(folder, name), { force: true });
}

async function writePrivately(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

/** Syncs a file, or a folder's names, without blocking this thread on a slow medium. */
async function syncFile(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Checks a file in another thread: this one must send heartbeats to the boards several times a second. */
function checkInWorker(task: CheckTask): Promise<CheckResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./check-worker.js', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the check ended without an answer')));
  });
}
