import { randomBytes } from 'node:crypto';
import { type DocumentName, documentOf, type PolicyDocument } from '../contract/document-messages.js';
import { assert } from '../kernel/assert.js';
import { type HoldId, holdId, type ItemId, type KioskId, type PassId, type PatronId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import { hashPin } from '../passes/pin.js';
import type { Connection } from './database.js';
import type { DocumentChanged, Versions } from './versions.js';

/** What librarians change: holds, blocks, policy, PINs. Kiosks get the changed documents. */
export interface Administration {
  /** Keeps `item`, which is at `kiosk`, for `patron` until then. */
  placeHold(hold: HoldRequest): HoldId;
  /** Ends a hold; no effect on one that has ended. */
  releaseHold(hold: HoldId): void;
  /** Blocks a patron from borrowing, or unblocks one. */
  setBlocked(patron: PatronId, blocked: boolean): void;
  revokePass(pass: PassId): void;
  /** Marks whether `item` is needed elsewhere: then it is not renewed. */
  setWanted(item: ItemId, wanted: boolean): void;
  /** Replaces the street's lending policy. */
  setPolicy(policy: StreetPolicy): void;
  /** Sets the PIN of a patron’s library card; only its hash is stored. */
  setPin(patron: PatronId, pin: string): Promise<void>;
}

/** A hold to place. */
export interface HoldRequest {
  readonly kiosk: KioskId;
  readonly item: ItemId;
  readonly patron: PatronId;
  readonly until: EpochMs;
}

/** The policy without its version. */
export type StreetPolicy = Omit<PolicyDocument, 'version'>;

/** Creates the administration on a database. Calls `changed` for each document that has to be published again. */
export function prepareAdministration(
  db: Connection,
  versions: Versions,
  changed: DocumentChanged,
): Administration {
  const putHold = db.prepare('INSERT INTO hold VALUES (?, ?, ?, ?, ?, NULL)');
  const kioskOf = db
    .prepare<[string], KioskId>('SELECT kiosk FROM hold WHERE hold = ? AND ended IS NULL')
    .pluck();
  const endHold = db.prepare("UPDATE hold SET ended = 'released' WHERE hold = ?");
  const putBlocked = db.prepare('UPDATE patron SET blocked = ? WHERE patron = ?');
  const putRevoked = db.prepare(
    'INSERT OR IGNORE INTO revoked SELECT ?, 1 + ifnull(max(number), 0) FROM revoked',
  );
  const putWanted = db.prepare('UPDATE item SET wanted = ? WHERE item = ?');
  const putPolicy = db.prepare('INSERT OR REPLACE INTO policy VALUES (1, ?)');
  const putPin = db.prepare('UPDATE patron SET pin = ? WHERE patron = ?');
  const change = (name: DocumentName, kiosk: KioskId | null, write: () => unknown) => {
    db.transaction(() => {
      write();
      versions.raise(name, kiosk);
    })();
    changed(name, kiosk);
  };
  return {
    placeHold({ kiosk, item, patron, until }) {
      const hold = holdId(`h-${randomBytes(6).toString('hex')}`);
      change('holds', kiosk, () => putHold.run(hold, kiosk, item, patron, until));
      return hold;
    },
    releaseHold(hold) {
      const kiosk = kioskOf.get(hold);
      if (kiosk !== undefined) change('holds', kiosk, () => endHold.run(hold));
    },
    setBlocked: (patron, blocked) => change('patrons', null, () => putBlocked.run(Number(blocked), patron)),
    revokePass: (pass) => change('patrons', null, () => putRevoked.run(pass)),
    setWanted: (item, wanted) => change('holdings', null, () => putWanted.run(Number(wanted), item)),
    setPolicy(policy) {
      const document = documentOf('policy', { version: 1, ...policy });
      assert(document !== undefined, 'a policy is within the bounds of the contract');
      change('policy', null, () => putPolicy.run(JSON.stringify(policy)));
    },
    async setPin(patron, pin) {
      const hash = await hashPin(pin);
      change('patrons', null, () => putPin.run(hash, patron));
    },
  };
}
