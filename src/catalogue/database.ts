import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import {
  assertSyncEachCommit,
  type Connection,
  connect,
  isDatabaseError,
  isEmptyFile,
  migrate,
  syncEachCommit,
} from '../sqlite/database.js';
import { applicationId, migrations } from './migrations.js';

export { type Connection, isDatabaseError } from '../sqlite/database.js';

/**
 * Opens the catalogue's file, made where missing and migrated: WAL, one sync per commit. Other processes may read it.
 * Throws `catalogue.unusable`.
 */
export function openDatabase(file: string): Connection {
  let db: Connection | undefined;
  try {
    db = connect(file, limits.catalogueBusyMs);
    setUp(db, file);
    return db;
  } catch (error) {
    db?.close();
    if (!isDatabaseError(error) && !(error instanceof TypeError)) throw error;
    throw new Fault('catalogue.unusable', `${file} cannot be opened`, { cause: error });
  }
}

function setUp(db: Connection, file: string): void {
  const schema = { applicationId, migrations };
  db.pragma('trusted_schema = OFF');
  isEmptyFile(db, file, schema, 'catalogue.unusable');
  syncEachCommit(db);
  db.pragma('foreign_keys = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`journal_size_limit = ${limits.journalWalBytes}`);
  migrate(db, schema);
  assertSyncEachCommit(db);
}
