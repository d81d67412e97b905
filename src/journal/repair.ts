import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../kernel/faults.js';
import { backupsIn } from './backups.js';
import { type CheckResult, checkFile } from './check.js';
import { type DamagedJournal, readDamagedJournal } from './damaged-journal.js';
import { isInUse, openDamaged, openDatabase } from './database.js';
import { openJournal } from './open.js';
import { rowsOf } from './parts.js';
import type { LedgerRules } from './rules.js';
import { type Salvage, salvage } from './salvage.js';
import { Store } from './store.js';

const copyName = 'copy.db';

/** The result of a repair. */
export interface Repair extends Pick<Salvage, 'lost' | 'newEpoch'> {
  /** Where the damaged file is kept. */
  readonly aside: string;
  /** Position of the newest event. */
  readonly last: number;
}

/** Checks the journal in `file` without changing anything. Throws `journal.busy` while a kiosk uses it. */
export function checkCopy(file: string, rules: LedgerRules): CheckResult {
  requireFile(file);
  return withWorkFolder(file, (folder) => {
    const copy = copyInto(folder, file);
    const { findings, facts } = checkFile(copy, rules);
    return { findings: findings.map((finding) => finding.replaceAll(copy, file)), facts };
  });
}

/**
 * Recovers what is readable in a damaged journal and keeps the damaged file beside it. Throws `journal.busy` while a kiosk uses it,
 * and `journal.damaged` or `journal.foreign`, changing nothing, when it cannot be repaired.
 */
export function repairFile(file: string, rules: LedgerRules): Repair {
  requireFile(file);
  return withWorkFolder(file, (folder) => {
    const debris = readDamagedCopy(copyInto(folder, file), rules);
    const found = salvage(debris, rules);
    const made = join(folder, 'new.db');
    writeJournal(made, debris, found, rules);
    requireNoFindings(made, rules);
    const aside = replaceFile(file, made, 'damaged') ?? file;
    return {
      aside,
      lost: found.lost,
      newEpoch: found.newEpoch,
      last: found.events.at(-1)?.position ?? found.base.position,
    };
  });
}

/** Puts the newest backup of `folder` that is good in place of `file`; what was there is kept beside it. */
export async function restoreFile(
  file: string,
  folder: string,
  rules: LedgerRules,
): Promise<{ readonly backup: string; readonly aside: string | null; readonly last: number }> {
  const backups = existsSync(folder) ? await backupsIn(folder) : [];
  return withWorkFolder(file, (work) => {
    const made = join(work, 'new.db');
    for (const backup of backups) {
      copyFileSync(backup, made);
      const { findings, facts } = checkFile(made, rules);
      if (findings.length > 0 || facts === null) continue;
      return { backup, aside: replaceFile(file, made, 'replaced'), last: facts.last };
    }
    throw new Fault('journal.backup', `${folder} has no good backup`);
  });
}

/** Prunes old acknowledged events at once and frees their space. Throws as `openJournal` does. */
export function compactFile(
  file: string,
  rules: LedgerRules,
  keepDays?: number,
): { readonly putAway: number } {
  requireFile(file);
  const journal = openJournal({ file, ...rules, ...(keepDays !== undefined && { keepDays }) });
  const before = journal.prunedUpTo();
  while (journal.housekeep());
  const failure = journal.failure();
  const putAway = journal.prunedUpTo() - before;
  journal.close();
  if (failure) throw failure;
  const db = openDatabase(file);
  db.exec('VACUUM');
  db.close();
  return { putAway };
}

/** Throws `journal.foreign` where there is no file, so that a mistyped name makes no journal. */
export function requireFile(file: string): void {
  if (!existsSync(file)) throw new Fault('journal.foreign', `there is no ${file}`);
}

/** Runs `work` with a temporary private folder beside `file`. */
function withWorkFolder<T>(file: string, work: (folder: string) => T): T {
  if (existsSync(file) && isInUse(file))
    throw new Fault('journal.busy', `${file} is in use by another process`);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(dirname(file), '.journal-'));
    return work(folder);
  } catch (error) {
    throw namedFault(error, file, folder);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** The fault that `error` is, as one of `file`, not of its copy; other errors are bugs and stay what they are. */
function namedFault(error: unknown, file: string, folder = ''): unknown {
  if (error instanceof Error && 'syscall' in error) {
    return new Fault('journal.write', `${file}: ${error.message}`, { cause: error });
  }
  if (!(error instanceof Fault)) return error;
  const detail = error.message.replace(`${error.code}: `, '').replaceAll(join(folder, copyName), file);
  return new Fault(error.code, detail, { cause: error });
}

function copyInto(folder: string, file: string): string {
  const copy = join(folder, copyName);
  for (const suffix of ['', '-wal'])
    if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
  return copy;
}

function readDamagedCopy(file: string, rules: LedgerRules): DamagedJournal {
  const db = openDamaged(file);
  try {
    return readDamagedJournal(db, rules);
  } finally {
    db.close();
  }
}

function writeJournal(
  file: string,
  { marks, documents }: DamagedJournal,
  found: Salvage,
  rules: LedgerRules,
): void {
  const db = openDatabase(file);
  const store = new Store(db, file, rules);
  const putMark = db.prepare<[string, string | number]>('INSERT OR REPLACE INTO mark VALUES (?, ?)');
  store.atomically(() => {
    const epoch = store.epoch();
    for (const [name, value] of marks ?? []) putMark.run(name, value);
    if (found.newEpoch) putMark.run('epoch', epoch);
    putMark.run('sent', found.sentMark);
    putMark.run('rules', rules.version);
    store.base.write(store.base.read(), found.base);
    for (const { position, at, trust, event } of found.events) {
      store.statements.putEvent.run(position, at, trust, JSON.stringify(event));
    }
    for (const row of rowsOf(store.rebuild().ledger)) store.putChange(row);
    for (const { name, version, body } of documents) store.statements.putDocument.run(name, version, body);
  });
  db.close();
}

function requireNoFindings(file: string, rules: LedgerRules): void {
  const { findings } = checkFile(file, rules);
  if (findings.length > 0) throw new Fault('journal.damaged', `no repair: ${findings.join('; ')}`);
}

/**
 * Puts `made` in the place of `file`, whose copy is kept; returns where. At no moment is there no journal, and never a
 * log beside a file that it does not belong to.
 */
function replaceFile(file: string, made: string, why: 'damaged' | 'replaced'): string | null {
  const aside = existsSync(file) ? freeName(`${file}.${why}`) : null;
  if (aside !== null) {
    for (const suffix of ['', '-wal'])
      if (existsSync(file + suffix)) copyFileSync(file + suffix, aside + suffix);
  }
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
  sync(made);
  renameSync(made, file);
  sync(dirname(file));
  return aside;
}

function freeName(name: string): string {
  for (let n = 1; ; n += 1) if (!existsSync(`${name}-${n}`)) return `${name}-${n}`;
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
