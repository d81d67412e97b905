import { type Connection, openDatabase, openFault } from './database.js';
import type { Journal, JournalOptions } from './journal.js';
import { SqliteJournal } from './sqlite-journal.js';

/**
 * Opens the journal in `file`, made where missing, for this process alone.
 * Throws `journal.busy`, `journal.foreign`, `journal.rights`, `journal.damaged` or `journal.write`.
 */
export function openJournal(options: JournalOptions): Journal {
  return journalOn(openDatabase(options.file, options.onCorrected), options);
}

/** The journal on a connection that `openDatabase` made. */
export function journalOn(db: Connection, options: JournalOptions): Journal {
  try {
    const journal = new SqliteJournal(db, options);
    journal.start();
    return journal;
  } catch (error) {
    db.close();
    throw openFault(error, options.file);
  }
}
