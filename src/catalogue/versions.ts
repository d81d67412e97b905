import type { DocumentName } from '../contract/document-messages.js';
import type { KioskId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import type { Connection } from './database.js';

/** Called when a document has to be published again: to one kiosk, or (null) to all. */
export type DocumentChanged = (name: DocumentName, kiosk: KioskId | null) => void;

/** A document that has to be published again. */
export interface DocumentChange {
  readonly name: DocumentName;
  readonly kiosk: KioskId | null;
}

/** The versions of documents. */
export interface Versions {
  /** Gives a document a higher version than it ever had, for one kiosk or (null) for all. */
  raise: DocumentChanged;
  /** The version of a document for `kiosk`; undefined while it was never published. */
  versionOf(name: DocumentName, kiosk: KioskId): number | undefined;
  /** Raises all versions: kiosks may have newer documents than a catalogue that was restored from a backup. */
  raiseAll(): void;
}

/**
 * Creates the versions. Each is the time of its change, and in any case higher than the one before, so that kiosks accept
 * documents of a catalogue that was created again or restored from a backup.
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
    versionOf: (name, kiosk) => newest.get(name, nameFor(name, kiosk)) ?? undefined,
  };
}

const nameFor = (name: DocumentName, kiosk: KioskId) => `${name}/${kiosk}`;
