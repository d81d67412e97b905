import type { RecordedEvent } from '../circulation/event.js';
import type { Batch } from '../contract/topics.js';
import { type Epoch, erasedId, type KioskId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';
import { prepareProjection } from './projection.js';
import { type DocumentChange, prepareVersions } from './versions.js';

/** The result of storing a batch. `upTo`: last stored position of the epoch; `conflicts`: positions whose stored events differ. */
export interface IngestResult {
  readonly upTo: number;
  readonly conflicts: readonly number[];
  /** Documents that have to be published again. */
  readonly changed: readonly DocumentChange[];
}

/** A batch and who sent it. */
export interface ReceivedBatch {
  readonly kiosk: KioskId;
  readonly batch: Batch;
}

interface StoredEpoch {
  readonly id: number;
  readonly last: number;
}

type Statements = ReturnType<typeof prepareStatements>;

/**
 * Creates the function that stores batches: each event exactly once, in order, in one durable transaction with what it
 * changes. Known events are skipped; a batch after a gap is not stored. Events that differ from those stored at their
 * positions go to the table `conflict`, and nothing new of their batch is stored: it may follow other events.
 * Throws SQLite's error when nothing could be stored.
 */
export function prepareIngest(
  db: Connection,
  nowMs: () => EpochMs,
): (kiosk: KioskId, batch: Batch) => IngestResult {
  const statements = prepareStatements(db);
  const versions = prepareVersions(db, nowMs);
  const changes = new Map<string, DocumentChange>();
  const project = prepareProjection(db, nowMs, (name, kiosk) => {
    changes.set(`${name}/${kiosk}`, { name, kiosk });
  });

  return db.transaction((kiosk: KioskId, { epoch, from, events }: Batch): IngestResult => {
    changes.clear();
    const known = statements.epoch.get(kiosk, epoch);
    if (from > (known?.last ?? 0) + 1) return { upTo: known?.last ?? 0, conflicts: [], changed: [] };
    const { id, last } = known ?? beginEpoch(statements, kiosk, epoch);
    const conflicts = events
      .filter((recorded) => recorded.position <= last && isConflict(statements, id, recorded))
      .map(({ position }) => position);
    if (conflicts.length > 0) return { upTo: last, conflicts, changed: [] };
    let upTo = last;
    for (const { position, at, trust, event } of events) {
      if (position <= last) continue;
      statements.putEvent.run(id, position, at, trust, JSON.stringify(event));
      project(kiosk, { position, at, trust, event });
      upTo = position;
    }
    if (upTo > last) statements.putLast.run(upTo, id);
    for (const { name, kiosk: recipient } of changes.values()) versions.raise(name, recipient);
    return { upTo, conflicts, changed: [...changes.values()] };
  });
}

/** Creates the same for several batches: all or none, with one sync. */
export function prepareIngestTogether(
  db: Connection,
  nowMs: () => EpochMs,
): (batches: readonly ReceivedBatch[]) => readonly IngestResult[] {
  const ingest = prepareIngest(db, nowMs);
  return db.transaction((batches: readonly ReceivedBatch[]) =>
    batches.map(({ kiosk, batch }) => ingest(kiosk, batch)),
  );
}

function prepareStatements(db: Connection) {
  return {
    epoch: db.prepare<[KioskId, Epoch], StoredEpoch>(
      'SELECT id, last FROM epoch WHERE kiosk = ? AND epoch = ?',
    ),
    putEpoch: db.prepare<[KioskId, Epoch]>('INSERT INTO epoch (kiosk, epoch, last) VALUES (?, ?, 0)'),
    putLast: db.prepare<[number, number]>('UPDATE epoch SET last = ? WHERE id = ?'),
    clearPlaces: db.prepare<[KioskId]>('DELETE FROM place WHERE kiosk = ?'),
    putEvent: db.prepare<[number, number, number, string, string]>(
      'INSERT INTO event VALUES (?, ?, ?, ?, ?)',
    ),
    stored: db.prepare<[number, number], { at: number; trust: string; body: string }>(
      'SELECT at, trust, body FROM event WHERE epoch_id = ? AND position = ?',
    ),
    putConflict: db.prepare<[number, number, number, string, string]>(
      `INSERT INTO conflict (epoch_id, position, at, trust, body) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET times = times + 1`,
    ),
  };
}

/** A new journal begins with the items now in its kiosk, so places from an earlier journal are deleted. */
function beginEpoch({ putEpoch, clearPlaces }: Statements, kiosk: KioskId, epoch: Epoch): StoredEpoch {
  clearPlaces.run(kiosk);
  return { id: Number(putEpoch.run(kiosk, epoch).lastInsertRowid), last: 0 };
}

/** Whether a known event differs from what is stored; then the first such version is stored as a conflict. */
function isConflict({ stored, putConflict }: Statements, id: number, recorded: RecordedEvent): boolean {
  const { position, at, trust, event } = recorded;
  // The contract's schema gives the keys their order, so equal events have equal text.
  const body = JSON.stringify(event);
  const known = stored.get(id, position);
  const isSame = known?.at === at && known.trust === trust && isSameEvent(known.body, body);
  if (!isSame) putConflict.run(id, position, at, trust, body);
  return !isSame;
}

/**
 * A kiosk erases its patrons: a resent event may have no patron where the stored one has. After the catalogue has
 * lost events it is the other way round, when an earlier message arrives late.
 */
function isSameEvent(stored: string, sent: string): boolean {
  if (stored === sent) return true;
  return (sent + stored).includes(erasedId) && withoutPersons(stored) === withoutPersons(sent);
}

function withoutPersons(body: string): string {
  const names = new Set(['patron', 'pass']);
  return JSON.stringify(JSON.parse(body), (key, value) => (names.has(key) ? erasedId : value));
}
