import { randomBytes } from 'node:crypto';
import type { Station } from '../contract/monitoring-messages.js';
import { type ItemId, type KioskId, type PatronId, passId, type StaffId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { after, type Duration, type EpochMs, epochMs } from '../kernel/time.js';
import { type BrokerAddress, brokerAddress } from '../mqtt/connection.js';
import type { PassClaims } from '../passes/claims.js';
import { issuePass } from '../passes/pass.js';
import { type Administration, prepareAdministration } from './administration.js';
import { openDatabase } from './database.js';
import { type DocumentFor, prepareDocuments } from './documents.js';
import { type Grants, prepareGrants } from './grants.js';
import { prepareIngestTogether } from './ingest.js';
import { type KeyManagement, type KeyStore, prepareKeyStore } from './key-store.js';
import { MqttService } from './mqtt-service.js';
import { type Orders, prepareOrders } from './orders.js';
import { type Presence, type PresenceStore, preparePresence } from './presence.js';
import { fillOnce, prepareQueries, type Queries } from './queries.js';
import type { SampleData } from './sample-data.js';
import { type DocumentChanged, prepareVersions } from './versions.js';

/** The street's central service: stores events of kiosks, publishes their documents, issues passes. */
export interface Catalogue extends Queries, Administration, Orders, Presence, Grants, KeyManagement {
  /** Connects and reconnects for ever; resolves once subscribed, or after `limits.catalogueConnectMs`. */
  start(): Promise<void>;
  /** The last station of each kiosk. */
  stations(): Station[];
  /** The current document for a kiosk. */
  readonly documentFor: DocumentFor;
  /** A resident's pass, good from now on for `validForMs`. */
  issuePass(patron: PatronId, validForMs: Duration): string;
  /** A pass for one loan at `kiosk`, of `item` or (null) of any book there. */
  issueGrant(patron: PatronId, kiosk: KioskId, item: ItemId | null, validForMs: Duration): string;
  /** A staff pass for every kiosk of the street. */
  issueStaffPass(staff: StaffId, validForMs: Duration): string;
  close(): Promise<void>;
}

/** Options of a catalogue. */
export interface CatalogueOptions extends BrokerAddress {
  /** The SQLite file; the signing key is kept beside it, as `<file>.key`. */
  readonly file: string;
  readonly street: string;
  readonly log: Log;
  /** Data for a new catalogue. */
  readonly sample?: SampleData;
  /** Overrides the machine's calendar: a demo's catalogue goes by its kiosk's clock, which may be in doubt. */
  readonly nowMs?: () => EpochMs;
}

/** Opens the catalogue's file and key; throws `catalogue.unusable` or `pass.key-unusable`. */
export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { file, street, log, sample, nowMs = () => epochMs(Date.now()) } = options;
  const db = openDatabase(file);
  try {
    if (sample) fillOnce(db, sample, nowMs());
    const queries = prepareQueries(db);
    const versions = prepareVersions(db, nowMs);
    versions.raiseAll();
    const changed: DocumentChanged = (name, kiosk) => service.changed(name, kiosk);
    const keys = prepareKeyStore(db, file, versions, changed);
    const documentFor = prepareDocuments(db, versions, keys);
    const service: MqttService = new MqttService({
      ...brokerAddress(options),
      street,
      log,
      keys,
      queries,
      documentFor,
      ingest: prepareIngestTogether(db, nowMs),
      onAnswer: (kiosk, answer) => orders.onAnswer(kiosk, answer),
      onKioskOnline: (kiosk) => orders.resend(kiosk),
      onOnline: () => orders.resend(),
    });
    const orders = prepareOrders(db, nowMs, (kiosk, command) => service.sendCommand(kiosk, command));
    const repeats = setInterval(() => orders.resend(), limits.commandRepeatMs).unref();
    const lists = prepareAdministration(db, versions, changed);
    const presence = preparePresence(db, versions, changed);
    const sign = (claims: PassClaims) => issuePass(claims, keys.current());
    return {
      ...queries,
      ...lists,
      ...orders,
      ...presence,
      ...keyManagementOf(keys, presence, service),
      documentFor,
      start: () => service.start(),
      stations: () => service.stations(),
      ...prepareIssue(queries, nowMs, sign),
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

/** Key management with its consequences: a presence secret for each enrolled kiosk, all documents sealed again with a new key. */
function keyManagementOf(
  keys: KeyStore,
  presence: Pick<PresenceStore, 'ensure'>,
  service: Pick<MqttService, 'publishAllDocuments'>,
): KeyManagement {
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
      service.publishAllDocuments();
    },
  };
}

/** Creates the functions that issue passes. */
function prepareIssue(
  queries: Pick<Queries, 'ageOf'>,
  nowMs: () => EpochMs,
  sign: (claims: PassClaims) => string,
): Pick<Catalogue, 'issuePass' | 'issueGrant' | 'issueStaffPass'> {
  /** The id and the time of a pass that is good from now on. */
  const fresh = (validForMs: Duration) => {
    const now = nowMs();
    const pass = passId(randomBytes(8).toString('hex'));
    return { pass, validFrom: now, validUntil: after(now, validForMs) };
  };
  return {
    issuePass: (patron, validForMs) =>
      sign({ kind: 'resident', age: queries.ageOf(patron), patron, ...fresh(validForMs) }),
    issueGrant: (patron, kiosk, item, validForMs) =>
      sign({ kind: 'grant', age: queries.ageOf(patron), patron, kiosk, item, ...fresh(validForMs) }),
    issueStaffPass: (staff, validForMs) => sign({ kind: 'staff', staff, kiosk: null, ...fresh(validForMs) }),
  };
}
