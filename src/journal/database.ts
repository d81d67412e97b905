import { existsSync, rmSync } from 'node:fs';
import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import {
  assertSyncEachCommit,
  type Connection,
  connect,
  connectReadonly,
  type DatabaseError,
  isDatabaseError,
  isEmptyFile,
  migrate,
  syncEachCommit,
} from '../sqlite/database.js';
import { applicationId, migrations } from './migrations.js';
import { createOrCheckOwner, restrictToOwner } from './permissions.js';

export { type Connection, isDatabaseError } from '../sqlite/database.js';

const schema = { applicationId, migrations };

/** Earlier SQLite releases can corrupt a write-ahead log when it is reset (sqlite.org/wal.html#walresetbug). */
const oldestSqlite = [3, 51, 3] as const;

/**
 * Opens the journal's file, made where missing, as this process's and this user's alone: WAL, one sync per commit, checked
 * and migrated. `onCorrected` is called with what was wrong and has been corrected. Throws `journal.busy`, `journal.foreign`,
 * `journal.rights`, `journal.damaged` or `journal.write`.
 */
export function openDatabase(file: string, onCorrected?: (fault: Fault) => void): Connection {
  let db: Connection | undefined;
  try {
    createOrCheckOwner(file);
    db = connect(file, 0);
    setUp(db, file);
    const remark = restrictToOwner(file);
    if (remark) onCorrected?.(remark);
    return db;
  } catch (error) {
    db?.close();
    // SQLite's binding throws this for a missing folder.
    const isPathWrong = error instanceof TypeError && db === undefined;
    throw isPathWrong || isSystemError(error)
      ? new Fault('journal.write', `${file} cannot be opened`, { cause: error })
      : openFault(error, file);
  }
}

function setUp(db: Connection, file: string): void {
  assert(isRecentEnough(db), 'better-sqlite3 brings SQLite 3.51.3 or newer');
  // Must come before the first access: with it SQLite keeps the lock until the process ends, in whatever way.
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  const isNew = isEmptyFile(db, file, schema, 'journal.foreign');
  if (isNew) db.pragma(`page_size = ${limits.journalPageBytes}`);
  syncEachCommit(db);
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  // What is deleted or overwritten is to be gone: the tables name borrowers.
  db.pragma('secure_delete = ON');
  db.pragma(`wal_autocheckpoint = ${limits.journalWalPages}`);
  db.pragma(`journal_size_limit = ${limits.journalWalBytes}`);
  if (!isNew) checkPages(db, file);
  migrate(db, schema);
  assertSyncEachCommit(db);
}

function isRecentEnough(db: Connection): boolean {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get()).split('.').map(Number);
  const differing = oldestSqlite.findIndex((part, index) => part !== version[index]);
  return differing < 0 || (version[differing] ?? 0) > (oldestSqlite[differing] ?? 0);
}

function checkPages(db: Connection, file: string): void {
  const answer = String(db.pragma('quick_check(1)', { simple: true }));
  if (answer === 'ok') return;
  const [, root, page] = /Tree (\d+)(?: page (\d+))?/.exec(answer) ?? [];
  const owner = root === undefined ? undefined : ownerOf(db, Number(root));
  const where = owner === undefined ? '' : `table ${owner}${page === undefined ? '' : `, page ${page}`}: `;
  throw new Fault('journal.damaged', `${file}: ${where}${answer.split('\n').at(-1)}`);
}

/** The table that begins on page `root`. */
const ownerOf = (db: Connection, root: number) =>
  db.prepare<[number], string>('SELECT tbl_name FROM sqlite_schema WHERE rootpage = ?').pluck().get(root);

/** The fault an error of SQLite stands for while a journal is opened; other errors are bugs and stay what they are. */
export function openFault(error: unknown, file: string): unknown {
  if (!isDatabaseError(error)) return error;
  if (error.code.startsWith('SQLITE_BUSY')) {
    return new Fault('journal.busy', `${file} is in use by another process`, { cause: error });
  }
  if (error.code === 'SQLITE_NOTADB') {
    return new Fault('journal.foreign', `${file} is not a journal`, { cause: error });
  }
  if (!isStorageError(error)) {
    return new Fault('journal.damaged', `${file}: its tables are not as they were made`, { cause: error });
  }
  return writeFault(error, file);
}

/** Whether the operating system refused something: no such folder, a read-only file system, no right. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** The fault that an error of the storage stands for where the journal is written. */
export function writeFault(error: { readonly code: string }, file: string): Fault {
  const { code } = error;
  const cause = { cause: error };
  if (code.startsWith('SQLITE_CORRUPT')) return new Fault('journal.damaged', `${file} cannot be read`, cause);
  const why = whys.find(([beginning]) => code.startsWith(beginning))?.[1] ?? code;
  return new Fault('journal.write', `${file} cannot be written: ${why}`, cause);
}

const whys: readonly (readonly [beginning: string, why: string])[] = [
  ['SQLITE_FULL', 'no space is left'],
  ['SQLITE_READONLY', 'the file or its file system is read-only'],
  ['SQLITE_IOERR', 'the storage reports errors'],
  ['SQLITE_CANTOPEN', 'the file cannot be opened'],
];

/**
 * Opens what may be damaged, unchecked, to read what can be read; it should be a copy. Throws `journal.foreign` or
 * `journal.damaged` when there is nothing to be hoped for.
 */
export function openDamaged(file: string): Connection {
  let db: Connection | undefined;
  try {
    db = connect(file, 0);
    db.pragma('trusted_schema = OFF');
    if (isEmptyFile(db, file, schema, 'journal.foreign'))
      throw new Fault('journal.damaged', `${file} is empty`);
    migrate(db, schema);
    return db;
  } catch (error) {
    db?.close();
    throw openFault(error, file);
  }
}

/** Whether another process uses the journal in `file`; nothing is changed by asking. */
export function isInUse(file: string): boolean {
  const beside = ['-wal', '-shm'].filter((suffix) => !existsSync(file + suffix));
  let db: Connection | undefined;
  try {
    db = connectReadonly(file);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return isDatabaseError(error) && error.code.startsWith('SQLITE_BUSY');
  } finally {
    db?.close();
    for (const suffix of beside) rmSync(file + suffix, { force: true });
  }
}

/** How SQLite refuses a statement or its values, whatever the storage does: a bug of ours. */
const refusals = [
  'SQLITE_ERROR',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_MISUSE',
  'SQLITE_RANGE',
  'SQLITE_TOOBIG',
];

/** Whether `error` comes from SQLite and is the storage's doing: disk full, card read-only, I/O error, damage. */
export const isStorageError = (error: unknown): error is DatabaseError =>
  isDatabaseError(error) && !refusals.some((code) => error.code.startsWith(code));
