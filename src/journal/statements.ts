import type { Event, RecordedEvent } from '../circulation/event.js';
import { type VisitNo, visitNo } from '../kernel/ids.js';
import { type ClockTrust, type EpochMs, epochMs, isEpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';

/** An event as it is stored. */
export interface EventRow {
  readonly position: number;
  readonly at: number;
  readonly trust: ClockTrust;
  readonly body: string;
}

export type Statements = ReturnType<typeof prepareStatements>;

/** The journal's statements, prepared once: appending is on the way from a scan to its lock. */
export function prepareStatements(db: Connection) {
  return {
    begin: db.prepare('BEGIN'),
    rollback: db.prepare('ROLLBACK'),
    putEvent: db.prepare<[number, number, ClockTrust, string]>('INSERT INTO event VALUES (?, ?, ?, ?)'),
    events: db.prepare<[number, number], EventRow>(
      'SELECT * FROM event WHERE position >= ? ORDER BY position LIMIT ?',
    ),
    // As they are sent: to parse and write them again would take ten times as long.
    eventsText: db.prepare<[number, number], { text: string | null; last: number | null }>(
      `SELECT group_concat('{"position":' || position || ',"at":' || at || ',"trust":"' || trust ||
         '","event":' || body || '}') AS text, max(position) AS last
       FROM (SELECT * FROM event WHERE position >= ? ORDER BY position LIMIT ?)`,
    ),
    removeEvents: db.prepare<[number]>('DELETE FROM event WHERE position <= ?'),
    firstPosition: db.prepare<[], number | null>('SELECT min(position) FROM event').pluck(),
    lastPosition: db.prepare<[], number | null>('SELECT max(position) FROM event').pluck(),
    lastTrusted: db
      .prepare<[], number>("SELECT at FROM event WHERE trust = 'trusted' ORDER BY position DESC LIMIT 1")
      .pluck(),
    mark: db.prepare<[string], string | number>('SELECT value FROM mark WHERE name = ?').pluck(),
    putMark: db.prepare<[number]>("UPDATE mark SET value = ? WHERE name = 'sent'"),
    putRules: db.prepare<[number]>("INSERT OR REPLACE INTO mark VALUES ('rules', ?)"),
    renewEpoch: db.prepare("UPDATE mark SET value = lower(hex(randomblob(8))) WHERE name = 'epoch'"),
    countStart: db.prepare("UPDATE mark SET value = value + 1 WHERE name = 'starts'"),
    document: db.prepare<[string], { version: number; body: string }>(
      'SELECT version, body FROM document WHERE name = ?',
    ),
    putDocument: db.prepare<[string, number, string]>('INSERT OR REPLACE INTO document VALUES (?, ?, ?)'),
    /** Also gives back the log's bytes, where `checkpoint` keeps them to be written over. */
    truncate: db.prepare('PRAGMA wal_checkpoint(TRUNCATE)'),
    checkpoint: db.prepare('PRAGMA wal_checkpoint(RESTART)'),
  };
}

/** A calendar time that was read from a card. Throws a SyntaxError, as unreadable JSON does, where damage made it none. */
export function storedMs(value: unknown): EpochMs {
  if (typeof value !== 'number' || !isEpochMs(value)) throw new SyntaxError('not a calendar time');
  return epochMs(value);
}

/** The number of a visit that was read from a card; throws as `storedMs` does. */
export function storedVisit(value: unknown): VisitNo {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new SyntaxError('not the number of a visit');
  return visitNo(Number(value));
}

/** The event of a row; its body is trusted to have the shape it was written with. Throws SyntaxErrors. */
export function recordedEventOf({ position, at, trust, body }: EventRow): RecordedEvent {
  return { position, at: storedMs(at), trust, event: JSON.parse(body) as Event };
}
