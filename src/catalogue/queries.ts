import type { RecordedEvent } from '../circulation/event.js';
import { eventSchema } from '../circulation/event-schema.js';
import {
  type Epoch,
  type ItemId,
  itemId,
  type KioskId,
  type LockerNo,
  lockerNo,
  type PatronId,
  patronId,
} from '../kernel/ids.js';
import { type EpochMs, epochMs } from '../kernel/time.js';
import type { Connection } from './database.js';
import type { Patron, SampleData } from './sample-data.js';

/** A book a kiosk may hold, with its title and author. */
export interface CatalogueItem {
  readonly item: ItemId;
  readonly title: string;
  readonly author: string;
}

/** A book in a locker. */
export interface ShelfBook extends CatalogueItem {
  readonly locker: LockerNo;
}

/** A book on loan, and the kiosk that lent it. */
export interface OpenLoan {
  readonly item: ItemId;
  readonly kiosk: KioskId;
  readonly dueAt: EpochMs;
}

/** The position up to which one kiosk's journal is stored. */
export interface Mark {
  readonly kiosk: KioskId;
  readonly epoch: Epoch;
  readonly upTo: number;
}

/** Read-only queries on the catalogue. */
export interface Queries {
  patrons(): Patron[];
  /** An unknown patron counts as an adult. */
  ageOf(patron: PatronId): Patron['age'];
  itemsFor(kiosk: KioskId): CatalogueItem[];
  /** The title of an item. */
  bookOf(item: ItemId): { name: string; author: string } | null;
  /** The books in `kiosk`, by its last report, that `patron` may borrow: without those on hold for others or not for children. */
  booksFor(patron: PatronId, kiosk: KioskId): ShelfBook[];
  /** The first stock of `kiosk`: which item is in which locker. */
  shelfPlan(kiosk: KioskId): { locker: LockerNo; item: ItemId }[];
  loansOf(patron: PatronId): OpenLoan[];
  openLoans(kiosk: KioskId): { item: ItemId; patron: PatronId }[];
  whereIs(item: ItemId): { kiosk: KioskId; locker: LockerNo } | null;
  /** All events of a kiosk in the order they were stored, epoch after epoch. */
  eventsOf(kiosk: KioskId): RecordedEvent[];
  /** Up to where each kiosk's newest journal is stored. */
  marks(): Mark[];
  kiosks(): KioskId[];
}

/**
 * Fills a new catalogue at the time `nowMs`; one that has titles already is not changed. The time is the version of
 * its documents, so that a kiosk with documents of an earlier catalogue accepts those of a new one.
 */
export function fillOnce(db: Connection, { patrons, titles, items }: SampleData, nowMs: EpochMs): void {
  if (db.prepare('SELECT count(*) FROM title').pluck().get() !== 0) return;
  const addPatron = db.prepare(
    'INSERT INTO patron (patron, name, label, card, age) VALUES (@patron, @name, @label, @card, @age)',
  );
  const addTitle = db.prepare(
    'INSERT INTO title (title, name, author, language) VALUES (@title, @name, @author, @language)',
  );
  const addItem = db.prepare(
    'INSERT INTO item (item, title, kiosk, planned_locker) VALUES (@item, @title, @kiosk, @locker)',
  );
  db.transaction(() => {
    for (const { pin: _, ...patron } of patrons) addPatron.run(patron);
    for (const title of titles) addTitle.run(title);
    for (const item of items) addItem.run(item);
    for (const name of ['holdings', 'patrons', 'holds', 'returns']) {
      db.prepare('INSERT OR REPLACE INTO mark VALUES (?, ?)').run(name, nowMs);
    }
  })();
}

/** The prepared statements. */
export function prepareQueries(db: Connection): Queries {
  const patrons = db.prepare<[], Patron>('SELECT patron, name, label, card, age FROM patron ORDER BY card');
  const age = db.prepare<[string], Patron['age']>('SELECT age FROM patron WHERE patron = ?').pluck();
  const items = db.prepare<[string], CatalogueItem>(
    'SELECT item, title.name AS title, author FROM item JOIN title USING (title) WHERE kiosk = ? ORDER BY item',
  );
  const title = db.prepare<[string], { name: string; author: string }>(
    'SELECT name, author FROM item JOIN title USING (title) WHERE item = ?',
  );
  const plan = db.prepare<[string], { locker: number; item: string }>(
    'SELECT planned_locker AS locker, item FROM item WHERE kiosk = ? AND planned_locker IS NOT NULL ORDER BY locker',
  );
  const loans = db.prepare<[string], OpenLoan>(
    'SELECT item, kiosk, due_at AS dueAt FROM loan WHERE patron = ? ORDER BY due_at, item',
  );
  const open = db.prepare<[string], { item: string; patron: string }>(
    'SELECT item, patron FROM loan WHERE kiosk = ?',
  );
  const place = db.prepare<[string], { kiosk: KioskId; locker: number }>(
    'SELECT kiosk, locker FROM place WHERE item = ?',
  );
  const events = db.prepare<[string], { position: number; at: number; trust: string; body: string }>(
    'SELECT position, at, trust, body FROM event JOIN epoch ON epoch.id = epoch_id WHERE kiosk = ? ORDER BY epoch_id, position',
  );
  const marks = db.prepare<[], Mark>(
    'SELECT kiosk, epoch, last AS upTo FROM epoch WHERE id IN (SELECT max(id) FROM epoch GROUP BY kiosk)',
  );
  const kiosks = db.prepare<[], KioskId>('SELECT kiosk FROM item UNION SELECT kiosk FROM epoch').pluck();
  return {
    patrons: () => patrons.all(),
    ageOf: (patron) => age.get(patron) ?? 'adult',
    itemsFor: (kiosk) => items.all(kiosk),
    booksFor: prepareBooks(db),
    bookOf: (item) => title.get(item) ?? null,
    shelfPlan: (kiosk) =>
      plan.all(kiosk).map(({ locker, item }) => ({ locker: lockerNo(locker), item: itemId(item) })),
    loansOf: (patron) => loans.all(patron),
    openLoans: (kiosk) =>
      open.all(kiosk).map(({ item, patron }) => ({ item: itemId(item), patron: patronId(patron) })),
    whereIs(item) {
      const row = place.get(item);
      return row ? { kiosk: row.kiosk, locker: lockerNo(row.locker) } : null;
    },
    eventsOf: (kiosk) =>
      events.all(kiosk).map(({ position, at, trust, body }) => ({
        position,
        at: epochMs(at),
        trust: trust === 'floor' ? 'floor' : 'trusted',
        event: eventSchema.parse(JSON.parse(body)),
      })),
    marks: () => marks.all(),
    kiosks: () => kiosks.all(),
  };
}

function prepareBooks(db: Connection): Queries['booksFor'] {
  const books = db.prepare<[{ kiosk: string; patron: string }], ShelfBook>(
    `SELECT locker, item, title.name AS title, author
     FROM place JOIN item USING (item) JOIN title USING (title)
     WHERE place.kiosk = @kiosk
       AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.item = place.item AND ended IS NULL AND patron <> @patron)
       AND NOT (adults_only = 1 AND EXISTS (SELECT 1 FROM patron WHERE patron = @patron AND age = 'child'))
     ORDER BY locker`,
  );
  return (patron, kiosk) => books.all({ kiosk, patron });
}
