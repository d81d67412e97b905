import { randomBytes } from 'node:crypto';
import { assert } from '../kernel/assert.js';
import { type HoldId, holdId, type ItemId, type KioskId, type PassId, type PatronId } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';
import { type Document, type DocumentName, documentOf } from '../link/documents.js';
import { hashPin } from '../passes/pin.js';
import type { Connection } from './database.js';

/** What the street’s librarians decide, and kiosks are told of. */
export interface Lists {
  /** Keeps `item`, which is at `kiosk`, for `patron` until then. */
  placeHold(hold: WantedHold): HoldId;
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
export type StreetPolicy = Omit<Extract<Document, { name: 'policy' }>['body'], 'version'>;

/** Makes the lists of a catalogue. `changed` is called when kiosks are to be told of a document anew. */
export function prepareLists(
  db: Connection,
  nowMs: () => EpochMs,
  changed: (name: DocumentName) => void,
): Lists {
  const putHold = db.prepare('INSERT INTO hold VALUES (?, ?, ?, ?, ?, NULL)');
  const endHold = db.prepare("UPDATE hold SET ended = 'released' WHERE hold = ?");
  const putBlocked = db.prepare('UPDATE patron SET blocked = ? WHERE patron = ?');
  const putRevoked = db.prepare('INSERT OR IGNORE INTO revoked VALUES (?)');
  const putWanted = db.prepare('UPDATE item SET wanted = ? WHERE item = ?');
  const putPolicy = db.prepare('INSERT OR REPLACE INTO policy VALUES (1, ?)');
  const putPin = db.prepare('UPDATE patron SET pin = ? WHERE patron = ?');
  const bump = prepareBump(db, nowMs);
  const change = (name: DocumentName, write: () => void) => {
    db.transaction(() => {
      write();
      bump(name);
    })();
    changed(name);
  };
  return {
    placeHold({ kiosk, item, patron, until }) {
      const hold = holdId(`h-${randomBytes(6).toString('hex')}`);
      change('holds', () => putHold.run(hold, kiosk, item, patron, until));
      return hold;
    },
    releaseHold: (hold) => change('holds', () => endHold.run(hold)),
    block: (patron, blocked) => change('patrons', () => putBlocked.run(Number(blocked), patron)),
    revokePass: (pass) => change('patrons', () => putRevoked.run(pass)),
    want: (item, wanted) => change('holdings', () => putWanted.run(Number(wanted), item)),
    setPolicy: (policy) => change('policy', () => putPolicy.run(JSON.stringify(policy))),
    async setPin(patron, pin) {
      const hash = await hashPin(pin);
      change('patrons', () => putPin.run(hash, patron));
    },
  };
}

/** A document’s version is the time of its change, and in any case higher than before: catalogues begin anew. */
export function prepareBump(db: Connection, nowMs: () => EpochMs): (name: DocumentName) => void {
  const put = db.prepare(
    `INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value)`,
  );
  return (name) => void put.run(name, nowMs());
}

/** Makes the function that writes the documents for one kiosk; null for one that there is nothing to say in. */
export function prepareDocuments(db: Connection): (name: DocumentName, kiosk: KioskId) => Document | null {
  const version = db.prepare<[string], number>('SELECT value FROM mark WHERE name = ?').pluck();
  const parts = prepareParts(db);
  return (name, kiosk) => {
    const stands = version.get(name);
    const body = stands === undefined ? null : parts[name](kiosk);
    if (stands === undefined || body === null) return null;
    const document = documentOf(name, { version: stands, ...body });
    assert(document !== undefined, `the catalogue writes the document ${name} as the contract has it`);
    return document;
  };
}

type Row = Readonly<Record<string, string | number | null>>;

function prepareParts(db: Connection): Record<DocumentName, (kiosk: KioskId) => object | null> {
  const titles = db.prepare<[{ kiosk: KioskId }], Row>(
    `SELECT DISTINCT title, name, author, language, loan_class, adults_only FROM title JOIN item USING (title)
     WHERE kiosk = @kiosk OR item IN (SELECT item FROM place WHERE kiosk = @kiosk) ORDER BY title`,
  );
  const items = db.prepare<[{ kiosk: KioskId }], Row>(
    `SELECT item, title, wanted FROM item
     WHERE kiosk = @kiosk OR item IN (SELECT item FROM place WHERE kiosk = @kiosk) ORDER BY item`,
  );
  const cards = db.prepare<[], Row>(
    'SELECT card, patron, age, pin FROM patron WHERE pin IS NOT NULL ORDER BY card',
  );
  const blocked = db
    .prepare<[], string>('SELECT patron FROM patron WHERE blocked = 1 ORDER BY patron')
    .pluck();
  const revoked = db.prepare<[], string>('SELECT pass FROM revoked ORDER BY pass').pluck();
  const policy = db.prepare<[], string>('SELECT body FROM policy').pluck();
  const holds = db.prepare<[string], Row>(
    'SELECT hold, item, patron, until FROM hold WHERE kiosk = ? AND ended IS NULL ORDER BY hold',
  );
  const returns = db.prepare<[string], Row>(
    'SELECT item, visit FROM returned_elsewhere WHERE kiosk = ? ORDER BY item',
  );
  return {
    holdings: (kiosk) => ({
      titles: titles.all({ kiosk }).map(({ loan_class, adults_only, ...title }) => ({
        ...title,
        ...(loan_class === null ? {} : { loanClass: loan_class }),
        ...(adults_only === 1 ? { adultsOnly: true } : {}),
      })),
      items: items
        .all({ kiosk })
        .map(({ wanted, ...item }) => ({ ...item, ...(wanted === 1 ? { wanted: true } : {}) })),
    }),
    patrons: () => ({ cards: cards.all(), blocked: blocked.all(), revoked: revoked.all() }),
    policy() {
      const body = policy.get();
      return body === undefined ? null : JSON.parse(body);
    },
    holds: (kiosk) => ({ holds: holds.all(kiosk) }),
    returns: (kiosk) => ({ returns: returns.all(kiosk) }),
  };
}
