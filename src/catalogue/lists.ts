import { randomBytes } from 'node:crypto';
import { type DocumentName, documentOf, type PolicyDocument } from '../contract/document-messages.js';
import { assert } from '../kernel/assert.js';
import { type HoldId, holdId, type ItemId, type KioskId, type PassId, type PatronId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import { hashPin } from '../passes/pin.js';
import type { Connection } from './database.js';
import type { Changed, Versions } from './versions.js';

/** What the street’s librarians decide, and kiosks are told of. */
export interface Lists {
  /** Keeps `item`, which is at `kiosk`, for `patron` until then. */
  placeHold(hold: WantedHold): HoldId;
  /** Ends a hold; one that is over already stays as it is. */
  releaseHold(hold: HoldId): void;
  /** Whether `patron` may not borrow at present. */
  block(patron: PatronId, blocked: boolean): void;
  revokePass(pass: PassId): void;
  /** Whether `item` is needed elsewhere. */
  want(item: ItemId, wanted: boolean): void;
  /** What the street lends by; all kiosks are told. */
  setPolicy(policy: StreetPolicy): void;
  /** The PIN of a patron’s library card; only its hash is kept. */
  setPin(patron: PatronId, pin: string): Promise<void>;
}

/** A hold to be placed. */
export interface WantedHold {
  readonly kiosk: KioskId;
  readonly item: ItemId;
  readonly patron: PatronId;
  readonly until: EpochMs;
}

/** The policy without its version. */
export type StreetPolicy = Omit<PolicyDocument, 'version'>;

/** Makes the lists of a catalogue. `changed` is called when kiosks are to be told of a document anew. */
export function prepareLists(db: Connection, versions: Versions, changed: Changed): Lists {
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
    block: (patron, blocked) => change('patrons', null, () => putBlocked.run(Number(blocked), patron)),
    revokePass: (pass) => change('patrons', null, () => putRevoked.run(pass)),
    want: (item, wanted) => change('holdings', null, () => putWanted.run(Number(wanted), item)),
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
