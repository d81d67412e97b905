import type { DocumentName } from '../contract/document-messages.js';
import type { KioskId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';

/** Called when a document is to be told anew: to one kiosk, or (null) to all. */
export type Changed = (name: DocumentName, kiosk: KioskId | null) => void;

/** A document that is to be told anew. */
export interface Change {
  readonly name: DocumentName;
  readonly kiosk: KioskId | null;
}

/** The versions of what kiosks are told. */
export interface Versions {
  /** Gives a document a higher version than it ever had, for one kiosk or (null) for all. */
  raise: Changed;
  /** The version of a document for `kiosk`; undefined while it was never to be told. */
  of(name: DocumentName, kiosk: KioskId): number | undefined;
  /** Gives all documents a higher version: kiosks may know later ones than a catalogue that comes from a backup. */
  raiseAll(): void;
}

/**
 * Makes the versions. Each is the time of its change, and in any case higher than the one before: a catalogue that begins
 * anew, or is restored from a backup, must be believed by kiosks that know a later one.
 */
export function prepareVersions(db: Connection, nowMs: () => EpochMs): Versions {
  const newest = db
    .prepare<[string, string], number | null>('SELECT max(value) FROM mark WHERE name IN (?, ?)')
    .pluck();
  const highest = db
    .prepare<[string, string], number | null>(
      "SELECT max(value) FROM mark WHERE name = ? OR name LIKE ? || '/%'",
    )
    .pluck();
  const lift = db.prepare<[number]>('UPDATE mark SET value = max(value + 1, ?)');
  const put = db.prepare<[string, number]>('INSERT OR REPLACE INTO mark VALUES (?, ?)');
  return {
    raise(name, kiosk) {
      const own = kiosk === null ? name : nameFor(name, kiosk);
      const before = kiosk === null ? highest.get(name, name) : newest.get(name, own);
      put.run(own, Math.max((before ?? 0) + 1, nowMs()));
    },
    raiseAll: () => void lift.run(nowMs()),
    of: (name, kiosk) => newest.get(name, nameFor(name, kiosk)) ?? undefined,
  };
}

const nameFor = (name: DocumentName, kiosk: KioskId) => `${name}/${kiosk}`;
