import { assert } from '../kernel/assert.js';
import type { KioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { loadOrMakeSigningKey } from '../passes/key-file.js';
import {
  createKeyRing,
  type KeyRing,
  loadVerifyingKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../passes/keys.js';
import type { Connection } from './database.js';
import type { DocumentChanged, Versions } from './versions.js';

/** Which kiosk keys the catalogue trusts, and which of its own keys kiosks trust. */
export interface KeyManagement {
  /** Trusts this public key (PEM) for batches and answers of `kiosk`, in place of any earlier one. */
  enrol(kiosk: KioskId, publicKeyPem: string): void;
  /** Creates a key, publishes it to all kiosks and returns its id. Nothing is signed with it before `useKey`. */
  announceKey(): string;
  /**
   * Signs everything with this announced key from now on. A kiosk that has not received it yet (`documents.keys` in its
   * health) drops every message until it has.
   */
  useKey(kid: string): void;
  /** Revokes this key and the passes it has signed. Not for the key in use. */
  retireKey(kid: string): void;
  /** The root keys (PEM) to configure in kiosks: they verify the list of keys, and everything else until one has arrived. */
  publicKeys(): string[];
}

/** The keys as other modules of the catalogue use them. */
export interface KeyStore extends KeyManagement {
  /** The key that seals and signs everything but the list of keys. */
  current(): SigningKey;
  /** The key that seals the list of keys. */
  readonly root: SigningKey;
  ringOf(kiosk: KioskId): KeyRing;
  /** The keys (PEM) that kiosks shall trust. */
  trustedPems(): string[];
}

const emptyRing: KeyRing = new Map();

/** Reads the keys beside the catalogue’s `file`, the root first; throws `pass.key-unusable`. */
export function prepareKeyStore(
  db: Connection,
  file: string,
  versions: Versions,
  changed: DocumentChanged,
): KeyStore {
  const fileOf = (number: number) => (number === 0 ? `${file}.key` : `${file}.key.${number}`);
  const rows = db.prepare<[], KeyRow>('SELECT number, in_use AS inUse, retired FROM signing_key').all();
  let keys: readonly KeptKey[] = rows.map((row) => ({
    ...row,
    key: loadOrMakeSigningKey(fileOf(row.number)),
  }));
  const add = db.prepare<[number]>('INSERT INTO signing_key VALUES (?, 0, 0)');
  const use = db.prepare<[number]>('UPDATE signing_key SET in_use = (number = ?)');
  const retire = db.prepare<[number]>('UPDATE signing_key SET retired = 1 WHERE number = ?');

  // Kiosks that knew an earlier catalogue with this root need the current list.
  versions.raise('keys', null);

  const root = findKey(keys, ({ number }) => number === 0).key;
  const publishAfter = (write: () => unknown) => {
    db.transaction(() => {
      write();
      versions.raise('keys', null);
    })();
    changed('keys', null);
  };
  const trusted = () => keys.filter(({ retired }) => retired === 0).map(({ key }) => pemOf(key));
  return {
    ...prepareKioskKeys(db),
    root,
    current: () => findKey(keys, ({ inUse }) => inUse === 1).key,
    trustedPems: trusted,
    publicKeys: () => [pemOf(root)],
    announceKey() {
      assert(trusted().length < limits.keysLength, 'a key that is no longer needed is retired first');
      const number = 1 + Math.max(...keys.map((each) => each.number));
      const key = loadOrMakeSigningKey(fileOf(number));
      keys = [...keys, { number, inUse: 0, retired: 0, key }];
      publishAfter(() => add.run(number));
      return key.kid;
    },
    useKey(kid) {
      const { number, retired } = findKey(keys, ({ key }) => key.kid === kid);
      assert(retired === 0, 'a retired key is not used again');
      use.run(number);
      keys = keys.map((each) => ({ ...each, inUse: each.number === number ? 1 : 0 }));
    },
    retireKey(kid) {
      const { number, inUse } = findKey(keys, ({ key }) => key.kid === kid);
      assert(inUse === 0, 'the key in use is replaced before it is retired');
      keys = keys.map((each) => (each.number === number ? { ...each, retired: 1 } : each));
      publishAfter(() => retire.run(number));
    },
  };
}

/** The public keys of enrolled kiosks. */
function prepareKioskKeys(db: Connection): Pick<KeyStore, 'ringOf' | 'enrol'> {
  const all = db.prepare<[], { kiosk: KioskId; pem: string }>('SELECT kiosk, pem FROM kiosk_key').all();
  const put = db.prepare<[string, string]>('INSERT OR REPLACE INTO kiosk_key VALUES (?, ?)');
  const rings = new Map(all.map(({ kiosk, pem }) => [kiosk, ringOf(pem)]));
  return {
    ringOf: (kiosk) => rings.get(kiosk) ?? emptyRing,
    enrol(kiosk, publicKeyPem) {
      const ring = ringOf(publicKeyPem);
      put.run(kiosk, publicKeyPem);
      rings.set(kiosk, ring);
    },
  };
}

interface KeyRow {
  /** 0: the root. */
  readonly number: number;
  readonly inUse: number;
  readonly retired: number;
}

interface KeptKey extends KeyRow {
  readonly key: SigningKey;
}

function findKey(book: readonly KeptKey[], is: (key: KeptKey) => boolean): KeptKey {
  const found = book.find(is);
  assert(found !== undefined, 'a key is named by its id');
  return found;
}

const pemOf = (key: SigningKey) => verifyingKeyPem(verifyingKeyOf(key));
const ringOf = (pem: string) => createKeyRing([loadVerifyingKey(pem)]);
