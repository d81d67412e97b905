import { join } from 'node:path';
import { z } from 'zod';
import type { Input } from '../../../../src/circulation/input.js';
import { ledgerRules } from '../../../../src/circulation/ledger-rules.js';
import { homeAssistantPrefix } from '../../../../src/config/config.js';
import { readPayload } from '../../../../src/contract/payload.js';
import { topicsOf } from '../../../../src/contract/topics.js';
import { openJournal } from '../../../../src/journal/open.js';
import { boardId, itemId, kioskId, lockerNo } from '../../../../src/kernel/ids.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { createLogTail } from '../../../../src/machine/log-tail.js';
import { createVitalsReader } from '../../../../src/machine/vitals.js';
import type { connectMqtt } from '../../../../src/mqtt/connection.js';
import { createKeyRing, type SigningKey, verifyingKeyOf } from '../../../../src/passes/keys.js';
import { sealedText } from '../../../../src/passes/seal.js';
import { barePorts, boardsOnly, overriding } from '../../support/stand-ins.js';

export const street = 'jiangning';
export const kiosk = kioskId('jn-01');
/** The books of the kiosk, in lockers 1 and 2 of four. */
export const books = [itemId('30106000000017'), itemId('30106000000025')] as const;

const topics = topicsOf(street, kiosk);
const board = boardId('main');
const lockers = [1, 2, 3, 4].map(lockerNo);

/** What a message can do at a kiosk, counted from its beginning. */
export interface Effects {
  readonly unlocks: number;
  readonly events: number;
  /** Up to where the kiosk believes its events stored. */
  readonly mark: number;
  /** Documents that replaced others. */
  readonly documents: number;
  readonly inputs: number;
  /** What was said in return, events aside. */
  readonly answers: number;
}

const sentBatch = z.object({ epoch: z.string(), from: z.int(), events: z.array(z.unknown()) });
/** Events a kiosk has sent, and nobody has stored. */
export type SentBatch = z.infer<typeof sentBatch>;

/** A kiosk with its real core, journal, documents, link and monitoring; who speaks to it is its broker. */
export interface KioskTarget {
  deliver(topic: string, payload: Uint8Array, retained: boolean): void;
  effects(): Effects;
  submit(input: Input): void;
  /** The last events it sent; null while it has sent none. */
  batch(): SentBatch | null;
  close(): Promise<void>;
}

const nothing = () => undefined;
const ready: Input = {
  kind: 'board-ready',
  board,
  doors: new Map(lockers.map((locker) => [locker, 'closed'])),
  items: new Map(),
  chattering: new Set(),
  lastPulse: null,
};

/** Makes the kiosk on a new journal in `folder`, on line and ready, with two books and events nobody has stored yet. */
export function createKioskTarget(folder: string, key: SigningKey, root: SigningKey): KioskTarget {
  const journal = openJournal({ file: join(folder, 'journal.db'), ...ledgerRules });
  const counts = { unlocks: 0, documents: 0, inputs: 0, answers: 0 };
  const broker = capturedBroker(() => {
    counts.answers += 1;
  });
  const wired = wireKiosk({
    ...barePorts(kiosk, street, 'mqtt://127.0.0.1', new Map([[board, lockers]])),
    firstStock: books.map((item, at) => ({ locker: lockerNo(at + 1), item })),
    journal: overriding(journal, {
      saveDocument(name, ...content) {
        if (name !== 'self-test') counts.documents += 1;
        journal.saveDocument(name, ...content);
      },
    }),
    key,
    roots: createKeyRing([verifyingKeyOf(root)]),
    boards: boardsOnly(() => {
      counts.unlocks += 1;
    }),
    monitoring: {
      config: {
        ...{ kiosk, street, place: {} },
        name: { zh: '书亭', en: 'Kiosk' },
        cabinet: { boards: [] },
        monitoring: { homeAssistant: { prefix: homeAssistantPrefix } },
      },
      tail: createLogTail(silentLog, Date.now),
      readVitals: createVitalsReader(folder),
    },
    connect: broker.connect,
    decorate: (parts) => ({
      ...parts,
      decide(...args) {
        counts.inputs += 1;
        return parts.decide(...args);
      },
    }),
  });
  wired.start();
  broker.client()?.onOnline(true);
  wired.kiosk.submit(ready);
  return {
    deliver: (topic, payload, retained) => broker.client()?.onMessage(topic, payload, { retained }),
    effects: () => ({ ...counts, events: journal.lastPosition(), mark: journal.sentMark() }),
    submit: (input) => wired.kiosk.submit(input),
    batch: broker.batch,
    close: () => wired.close(),
  };
}

/** A connection that leads nowhere: what the kiosk says is counted, and whatever it is to hear can be put in its ear. */
function capturedBroker(onAnswer: () => void) {
  let client: Parameters<typeof connectMqtt>[0] | undefined;
  let batch: SentBatch | null = null;
  const connect: typeof connectMqtt = (options) => {
    client = options;
    return {
      publish(topic, payload) {
        if (topic === topics.journal && typeof payload !== 'string')
          batch = readPayload(sentBatch, sealedText(payload) ?? payload) ?? batch;
        if (/\/(command\/answer|response\/.*)$/.test(topic)) onAnswer();
      },
      resubscribe: nothing,
      close: async () => undefined,
    };
  };
  return { connect, client: () => client, batch: () => batch };
}
