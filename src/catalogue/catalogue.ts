import { randomBytes } from 'node:crypto';
import type { Station } from '../contract/monitoring-messages.js';
import { type ItemId, type KioskId, type PatronId, passId, type StaffId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { after, type Duration, epochMs } from '../kernel/time.js';
import { type BrokerWay, wayOf } from '../mqtt/connection.js';
import type { PassClaims } from '../passes/claims.js';
import { issuePass } from '../passes/pass.js';
import { openDatabase } from './database.js';
import { type DocumentFor, prepareDocuments } from './documents.js';
import { type Grants, prepareGrants } from './grants.js';
import { prepareIngestTogether } from './ingest.js';
import { type KeyBook, type Keys, prepareKeys } from './keys.js';
import { type Lists, prepareLists } from './lists.js';
import { type Orders, prepareOrders } from './orders.js';
import { type Presence, type PresenceBook, preparePresence } from './presence.js';
import { fillOnce, prepareQueries, type Queries } from './queries.js';
import type { SampleData } from './sample-data.js';
import { Service } from './service.js';
import { type Changed, prepareVersions } from './versions.js';

/** The street's central service: stores what kiosks send, says what they may hold, issues passes. */
export interface Catalogue extends Queries, Lists, Orders, Presence, Grants, KeyBook {
  /** Connects and reconnects for ever; resolves once it listens, or soon if the broker cannot be reached. */
  start(): Promise<void>;
  /** Where the kiosks are, and whether it is worth going there: what each last said. */
  stations(): Station[];
  /** What a kiosk is told. */
  readonly documentFor: DocumentFor;
  /** A resident's pass, good from now on for `validForMs`. */
  issuePass(patron: PatronId, validForMs: Duration): string;
  /** A pass for one loan at `kiosk`, of `item` or (null) of any book there. */
  issueGrant(patron: PatronId, kiosk: KioskId, item: ItemId | null, validForMs: Duration): string;
  /** A staff pass for every kiosk of the street. */
  issueStaffPass(staff: StaffId, validForMs: Duration): string;
  close(): Promise<void>;
}

/** What a catalogue is made of. */
export interface CatalogueOptions extends BrokerWay {
  /** The SQLite file; the signing key is kept beside it, as `<file>.key`. */
  readonly file: string;
  readonly street: string;
  readonly log: Log;
  /** What a new catalogue is filled with. */
  readonly sample?: SampleData;
}

const nowMs = () => epochMs(Date.now());

/** Opens the catalogue's file and key; throws `catalogue.unusable` or `pass.key-unusable`. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { file, street, log, sample } = options;
  const db = openDatabase(file);
  try {
    if (sample) fillOnce(db, sample, nowMs());
    const queries = prepareQueries(db);
    const versions = prepareVersions(db, nowMs);
    versions.raiseAll();
    const changed: Changed = (name, kiosk) => service.changed(name, kiosk);
    const keys = prepareKeys(db, file, versions, changed);
    const documentFor = prepareDocuments(db, versions, keys);
    const service: Service = new Service({
      ...wayOf(options),
      street,
      log,
      keys,
      queries,
      documentFor,
      ingest: prepareIngestTogether(db, nowMs),
      onAnswer: (kiosk, answer) => orders.heard(kiosk, answer),
      onKiosk: (kiosk) => orders.sendAgain(kiosk),
      onOnline: () => orders.sendAgain(),
    });
    const orders = prepareOrders(db, nowMs, (kiosk, command) => service.order(kiosk, command));
    const repeats = setInterval(() => orders.sendAgain(), limits.commandRepeatMs).unref();
    const lists = prepareLists(db, versions, changed);
    const presence = preparePresence(db, versions, changed);
    const sign = (claims: PassClaims) => issuePass(claims, keys.current());
    return {
      ...queries,
      ...lists,
      ...orders,
      ...presence,
      ...keyBookOf(keys, presence, service),
      documentFor,
      start: () => service.start(),
      stations: () => service.stations(),
      ...prepareIssue(queries, sign),
      ...prepareGrants({ db, nowMs, orders, queries, sign }),
      async close() {
        clearInterval(repeats);
        await service.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A kiosk whose key is known gets its secret; what another key signs from now on is said anew. */
function keyBookOf(
  keys: Keys,
  presence: Pick<PresenceBook, 'ensure'>,
  service: Pick<Service, 'tellAll'>,
): KeyBook {
  const { announceKey, retireKey, publicKeys } = keys;
  return {
    announceKey,
    retireKey,
    publicKeys,
    enrol(kiosk, publicKeyPem) {
      keys.enrol(kiosk, publicKeyPem);
      presence.ensure(kiosk);
    },
    useKey(kid) {
      keys.useKey(kid);
      service.tellAll();
    },
  };
}

/** Makes what signs passes. */
function prepareIssue(
  queries: Pick<Queries, 'ageOf'>,
  sign: (claims: PassClaims) => string,
): Pick<Catalogue, 'issuePass' | 'issueGrant' | 'issueStaffPass'> {
  return {
    issuePass: (patron, validForMs) =>
      sign({ kind: 'resident', age: queries.ageOf(patron), patron, ...fresh(validForMs) }),
    issueGrant: (patron, kiosk, item, validForMs) =>
      sign({ kind: 'grant', age: queries.ageOf(patron), patron, kiosk, item, ...fresh(validForMs) }),
    issueStaffPass: (staff, validForMs) => sign({ kind: 'staff', staff, kiosk: null, ...fresh(validForMs) }),
  };
}

/** The id and the time of a pass that is good from now on. */
function fresh(validForMs: Duration) {
  const now = epochMs(Date.now());
  const pass = passId(randomBytes(8).toString('hex'));
  return { pass, validFrom: now, validUntil: after(now, validForMs) };
}
