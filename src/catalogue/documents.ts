import { type Document, type DocumentName, documentOf } from '../contract/document-messages.js';
import { Fault } from '../kernel/faults.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Connection } from './database.js';
import type { KeyStore } from './key-store.js';
import { preparePresenceSecrets } from './presence.js';
import type { Versions } from './versions.js';

/** A document for a kiosk; null where there is none. Throws `catalogue.document-unfit`. */
export type DocumentFor = (name: DocumentName, kiosk: KioskId) => Document | null;

/** Documents that are the same for every kiosk. */
export const commonDocuments: ReadonlySet<DocumentName> = new Set(['keys', 'holdings', 'patrons', 'policy']);

/** Creates the function that builds documents from the database. */
export function prepareDocuments(
  db: Connection,
  versions: Versions,
  keys: Pick<KeyStore, 'trustedPems'>,
): DocumentFor {
  const parts = { ...prepareParts(db), keys: () => ({ keys: keys.trustedPems() }) };
  return (name, kiosk) => {
    const version = versions.versionOf(name, kiosk);
    const body = version === undefined ? null : parts[name](kiosk);
    if (body === null) return null;
    const document = documentOf(name, { version, ...body });
    if (document) return document;
    throw new Fault('catalogue.document-unfit', `${name} for ${kiosk} does not fit the contract`);
  };
}

type Row = Readonly<Record<string, string | number | null>>;

function prepareParts(
  db: Connection,
): Record<Exclude<DocumentName, 'keys'>, (kiosk: KioskId) => object | null> {
  return {
    holdings: prepareHoldings(db),
    patrons: preparePatrons(db),
    policy: preparePolicy(db),
    holds: prepareHolds(db),
    returns: prepareReturns(db),
    presence: preparePresenceSecrets(db),
  };
}

/** All books of the street: whatever is lent anywhere may be brought back here. */
function prepareHoldings(db: Connection) {
  const titles = db.prepare<[], Row>(
    `SELECT title, name, author, language, loan_class, adults_only FROM title
     WHERE title IN (SELECT title FROM item) ORDER BY title`,
  );
  const items = db.prepare<[], Row>('SELECT item, title, wanted FROM item ORDER BY item');
  return () => ({
    titles: titles.all().map(({ loan_class, adults_only, ...title }) => ({
      ...title,
      ...(loan_class === null ? {} : { loanClass: loan_class }),
      ...(adults_only === 1 ? { adultsOnly: true } : {}),
    })),
    items: items.all().map(({ wanted, ...item }) => ({ ...item, ...(wanted === 1 ? { wanted: true } : {}) })),
  });
}

function preparePatrons(db: Connection) {
  const cards = db.prepare<[], Row>(
    'SELECT card, patron, age, pin FROM patron WHERE pin IS NOT NULL ORDER BY card',
  );
  const blocked = db
    .prepare<[], string>('SELECT patron FROM patron WHERE blocked = 1 ORDER BY patron')
    .pluck();
  const revoked = db
    .prepare<[number], string>('SELECT pass FROM revoked ORDER BY number DESC LIMIT ?')
    .pluck();
  return () => ({
    cards: cards.all(),
    blocked: blocked.all(),
    revoked: revoked.all(limits.revokedPassesLength),
  });
}

function preparePolicy(db: Connection) {
  const policy = db.prepare<[], string>('SELECT body FROM policy').pluck();
  return () => {
    const body = policy.get();
    return body === undefined ? null : JSON.parse(body);
  };
}

function prepareHolds(db: Connection) {
  const holds = db.prepare<[string], Row>(
    'SELECT hold, item, patron, until FROM hold WHERE kiosk = ? AND ended IS NULL ORDER BY hold',
  );
  return (kiosk: KioskId) => ({ holds: holds.all(kiosk) });
}

function prepareReturns(db: Connection) {
  const returns = db.prepare<[string, number], Row>(
    'SELECT item, visit FROM returned_elsewhere WHERE kiosk = ? ORDER BY number DESC LIMIT ?',
  );
  return (kiosk: KioskId) => ({ returns: returns.all(kiosk, limits.returnsLength) });
}
