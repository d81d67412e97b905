import type { DocumentName } from '../../../../src/contract/document-messages.js';
import { topicsOf } from '../../../../src/contract/topics.js';
import type { PassId } from '../../../../src/kernel/ids.js';
import { passId, staffId } from '../../../../src/kernel/ids.js';
import { limits } from '../../../../src/kernel/limits.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { fromBase45 } from '../../../../src/passes/base45.js';
import { type SigningKey, verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { issuePass, STAFF_PREFIX } from '../../../../src/passes/pass.js';
import type { GenuineMessage } from './forgeries.js';
import { books, kiosk, type SentBatch, street } from './kiosk-target.js';

/** Whose keys there are. */
export interface TestKeys {
  /** Configured at the kiosk; only the list of keys counts under it, once there is one. */
  readonly root: SigningKey;
  readonly current: SigningKey;
  readonly retired: SigningKey;
  readonly kiosk: SigningKey;
  readonly neighbour: SigningKey;
}

const topics = topicsOf(street, kiosk);
const patron = '7d1c3f0a9b2e4851';
const by = '5555555555555555';

type Body = Record<string, unknown>;

const bodies: Readonly<Record<Exclude<DocumentName, 'keys'>, Body>> = {
  holdings: {
    titles: [{ title: 't-01', name: '城南旧事', author: '林海音', language: 'zh' }],
    items: [{ item: books[0], title: 't-01' }],
  },
  patrons: { cards: [], blocked: [patron], revoked: ['00000000000000f1'] },
  policy: {
    loanDays: 28,
    loanDaysOfClass: {},
    closedDays: [],
    loansPerPatron: 5,
    loansPerPatronOffline: 2,
    renewals: 1,
  },
  holds: { holds: [] },
  returns: { returns: [{ item: books[1], visit: 7 }] },
  presence: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', periodS: 30, digits: 6 },
};

/** Every document in one version, each sealed by a key that is accepted for it. */
export function documentsOf(keys: TestKeys, version: number, listed = keys.current): GenuineMessage[] {
  const list = { version, keys: [verifyingKeyPem(verifyingKeyOf(listed))] };
  const others = Object.entries(bodies).map(([name, body]) => ({
    topic: topics.documents[name as DocumentName],
    text: JSON.stringify({ version, ...body }),
    signer: keys.current,
  }));
  return [{ topic: topics.documents.keys, text: JSON.stringify(list), signer: keys.root }, ...others];
}

/** Orders of every kind under ids that begin with `series`; good for ten minutes from `fromMs` on. */
export function commandsOf(keys: TestKeys, series: string, fromMs = Date.now()): GenuineMessage[] {
  const orders: Body[] = [
    { kind: 'open', locker: 1, by, reason: 'help' },
    { kind: 'lend', patron, age: 'adult', item: null },
    { kind: 'withhold', locker: 2, by },
    { kind: 'restore', locker: 2, by },
    { kind: 'withdraw', item: books[0], by },
    { kind: 'hold', hold: 'h-17', item: books[0], patron, until: fromMs + 60_000 },
    { kind: 'release', hold: 'h-17' },
    { kind: 'restart', by },
  ];
  return orders.map((order, at) => ({
    topic: topics.command,
    text: JSON.stringify({
      command: `${series}${at}`.padStart(16, '0'),
      issuedAt: fromMs,
      expiresAt: fromMs + limits.commandDefaultLifeMs,
      order,
    }),
    signer: keys.current,
  }));
}

/** The catalogue's answer to a batch: all of it is stored. */
export function ackOf(keys: TestKeys, { epoch, from, events }: SentBatch): GenuineMessage {
  const to = from + events.length - 1;
  const text = JSON.stringify({ epoch, upTo: to, from, to });
  return { topic: topics.journalAck, text, signer: keys.current };
}

/** What the right key has signed for another purpose: a pass of staff, that opens doors when it is shown to the reader. */
export function passOf(key: SigningKey): Uint8Array {
  const now = epochMs(Date.now());
  const pass: PassId = passId('00000000000000aa');
  const validUntil = epochMs(now + 3_600_000);
  const text = issuePass(
    { kind: 'staff', staff: staffId(by), kiosk: null, pass, validFrom: now, validUntil },
    key,
  );
  return fromBase45(text.slice(STAFF_PREFIX.length)) ?? new Uint8Array(0);
}
