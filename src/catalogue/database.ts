import Database from 'better-sqlite3';
import { assert } from '../kernel/assert.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import { applicationId, migrations } from './migrations.js';

/** An open catalogue file. */
export type Connection = Database.Database;

/**
 * Opens the catalogue's file, made where missing and migrated: WAL, one sync per commit. Others may read it meanwhile.
 * Throws `catalogue.unusable`.
 */
export function openDatabase(file: string): Connection {
  let db: Connection | undefined;
  try {
    db = new Database(file, { timeout: limits.catalogueBusyMs });
    setUp(db, file);
    return db;
  } catch (error) {
    db?.close();
    // better-sqlite3 throws a TypeError when the folder is missing.
    if (!isDatabaseError(error) && !(error instanceof TypeError)) throw error;
    throw new Fault('catalogue.unusable', `${file} cannot be opened`, { cause: error });
  }
}

/** Whether `error` comes from SQLite (disk full, file locked, I/O error) and not from our own code. */
export const isDatabaseError = (error: unknown): boolean => error instanceof Database.SqliteError;

function setUp(db: Connection, file: string): void {
  db.pragma('trusted_schema = OFF');
  recognise(db, file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`journal_size_limit = ${limits.journalWalBytes}`);
  migrate(db);
  assert(db.pragma('journal_mode', { simple: true }) === 'wal', 'the catalogue uses write-ahead logging');
  // After the switch to WAL the default of this build, NORMAL, sets in at the first access: hence asked last.
  assert(db.pragma('synchronous', { simple: true }) === 2, 'each commit of the catalogue is synced');
}

/** Passes an empty file or a catalogue. Changes nothing, so that a file of another program stays as it was. */
function recognise(db: Connection, file: string): void {
  const id = numberOf(db, 'application_id');
  const version = numberOf(db, 'user_version');
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  if (id === 0 && version === 0 && tables === 0) return;
  if (id !== applicationId) throw new Fault('catalogue.unusable', `${file} belongs to another program`);
  if (version > migrations.length) {
    throw new Fault('catalogue.unusable', `${file} was written by a newer release (${version})`);
  }
}

function migrate(db: Connection): void {
  for (let version = numberOf(db, 'user_version'); version < migrations.length; version += 1) {
    db.transaction(() => {
      db.exec(migrations[version] ?? '');
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${version + 1}`);
    })();
  }
}

const numberOf = (db: Connection, pragma: string) => Number(db.pragma(pragma, { simple: true }));
