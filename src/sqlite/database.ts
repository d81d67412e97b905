import Database from 'better-sqlite3';
import { assert } from '../kernel/assert.js';
import { Fault, type FaultCode } from '../kernel/faults.js';

/** An open SQLite file. */
export type Connection = Database.Database;

/** An error that SQLite reports; `code` is its result code, e.g. `SQLITE_FULL`. */
export type DatabaseError = InstanceType<typeof Database.SqliteError>;

/** The tables of one kind of file, as `PRAGMA application_id` and `user_version` identify them. */
export interface Schema {
  readonly applicationId: number;
  /** Entry n takes a file from `user_version` n to n + 1, in one transaction. */
  readonly migrations: readonly string[];
}

/**
 * Opens `file` for reading and writing, made where missing. Waits at most `busyMs` for another process's lock. Throws
 * SQLite's errors, and a TypeError where the folder is missing.
 */
export function connect(file: string, busyMs: number): Connection {
  return new Database(file, { timeout: busyMs });
}

/** Opens an existing file for reading only, without waiting for locks. */
export function connectReadonly(file: string): Connection {
  return new Database(file, { readonly: true, timeout: 0 });
}

/** Whether `error` comes from SQLite (disk full, file locked, I/O error) and not from our own code. */
export const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Database.SqliteError;

/**
 * Returns true for an empty file and false for one of `schema`. Changes nothing, so that a file of another program is not
 * damaged. Throws the fault `foreign` for a file of another program or of a newer release.
 */
export function isEmptyFile(db: Connection, file: string, schema: Schema, foreign: FaultCode): boolean {
  const id = numberOf(db, 'application_id');
  const version = numberOf(db, 'user_version');
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (id === 0 && version === 0 && tables === 0) return true;
  if (id !== schema.applicationId) throw new Fault(foreign, `${file} belongs to another program`);
  if (version > schema.migrations.length)
    throw new Fault(foreign, `${file} was written by a newer release (${version})`);
  return false;
}

/** Uses write-ahead logging with one sync per commit. */
export function syncEachCommit(db: Connection): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
}

/** Brings the tables of an empty file or of an older release to this release. */
export function migrate(db: Connection, { applicationId, migrations }: Schema): void {
  for (let version = numberOf(db, 'user_version'); version < migrations.length; version += 1) {
    db.transaction(() => {
      db.exec(migrations[version] ?? '');
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

/**
 * Asserts that `syncEachCommit` is in force. After the switch to WAL the default of this build, NORMAL, is set at the first
 * access: so this is to be called after the first one.
 */
export function assertSyncEachCommit(db: Connection): void {
  assert(db.pragma('journal_mode', { simple: true }) === 'wal', 'the file uses write-ahead logging');
  assert(db.pragma('synchronous', { simple: true }) === 2, 'each commit is synced');
}

const numberOf = (db: Connection, pragma: string) => Number(db.pragma(pragma, { simple: true }));
