import { existsSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { ClockTrust, EpochMs } from '../../../../src/kernel/time.js';
import type { StoredEvent } from './event-check.js';
import { type EventKey, keyOf } from './kiosk-history.js';

interface Row {
  readonly epoch: string;
  readonly position: number;
  readonly at: EpochMs;
  readonly trust: ClockTrust;
  readonly body: string;
}

/** What the catalogue's file has, read while the catalogue may be using it. */
export interface CatalogueFile {
  /** The events of a kiosk, epoch by epoch, in order. */
  events(kiosk: string): StoredEvent[];
  keys(kiosk: string): Set<EventKey>;
  /** How many events of a kiosk were refused because others stood in their places. */
  conflicts(kiosk: string): number;
  /** Where the catalogue sees the books of a kiosk, as `locker item`. */
  places(kiosk: string): string[];
  copy(): Buffer;
}

/** Opens `file`, lets `look` read it, and closes it; a catalogue that was never started has nothing. */
export function withCatalogueFile<T>(file: string, look: (shelf: CatalogueFile) => T): T {
  const db = existsSync(file)
    ? new Database(file, { readonly: true, timeout: 5_000 })
    : new Database(':memory:');
  try {
    return look(readerOn(db));
  } finally {
    db.close();
  }
}

/** Puts an older copy in the place of the file. The catalogue must not be running. */
export function restoreCopy(file: string, copy: Uint8Array): void {
  for (const part of ['-wal', '-shm']) rmSync(file + part, { force: true });
  writeFileSync(file, copy);
}

function readerOn(db: Database.Database): CatalogueFile {
  const isMade = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'event'").get() !== undefined;
  const all = <T>(sql: string, kiosk: string): T[] => (isMade ? db.prepare<[string], T>(sql).all(kiosk) : []);
  const events = (kiosk: string) =>
    all<Row>(
      `SELECT epoch.epoch AS epoch, position, at, trust, body FROM event JOIN epoch ON epoch.id = epoch_id
       WHERE kiosk = ? ORDER BY epoch_id, position`,
      kiosk,
    ).map(({ epoch, position, at, trust, body }) => ({
      epoch,
      position,
      key: keyOf({ at, trust, event: JSON.parse(body) }),
    }));
  return {
    events,
    keys: (kiosk) => new Set(events(kiosk).map(({ key }) => key)),
    conflicts: (kiosk) =>
      all('SELECT position FROM conflict JOIN epoch ON epoch.id = epoch_id WHERE kiosk = ?', kiosk).length,
    places: (kiosk) =>
      all<{ place: string }>(
        `SELECT locker || ' ' || item AS place FROM place WHERE kiosk = ? ORDER BY locker`,
        kiosk,
      ).map(({ place }) => place),
    copy: () => db.serialize(),
  };
}
