import type { Journal } from '../../../src/journal/journal.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { Log } from '../../../src/kernel/log.js';
import type { Moment } from '../../../src/kernel/time.js';
import type { Wait } from '../../../src/kernel/wait.js';
import { createLink, type JournalSource, type Link } from '../../../src/link/link.js';
import type { connectMqtt } from '../../../src/mqtt/connection.js';
import type { Seals } from '../../../src/passes/seal.js';
import { kiosk } from './actors.js';
import { street } from './catalogue-model.js';
import type { Breaker, Witness } from './witness.js';

/** What the link of one life is made with. */
export interface MachineLinkParts {
  readonly journal: Journal;
  readonly connect: typeof connectMqtt;
  readonly wait: Wait;
  readonly log: Log;
  readonly witness: Witness;
  readonly breaker: Breaker;
  /** What time it is. */
  now(): Moment;
  /** The journal began another epoch. */
  epochBegan(): void;
  onReached(reached: boolean): void;
}

/** Signing takes longer than everything else in a story; who could forge what is tested elsewhere. */
const plainText: Seals = {
  seal: (_topic, text) => Buffer.from(text),
  open: (_topic, sealed) => sealed,
};

/** The real link, on simulated connections and in virtual time. */
export function createMachineLink({
  journal,
  witness,
  breaker,
  now,
  epochBegan,
  onReached,
  ...parts
}: MachineLinkParts): Link {
  const source: JournalSource = {
    get epoch() {
      return journal.epoch;
    },
    prunedUpTo: () => journal.prunedUpTo(),
    lastPosition: () => journal.lastPosition(),
    sentMark: () => journal.sentMark(),
    unwrittenMarkEvents: () => journal.unwrittenMarkEvents(),
    readText: (from, count) => journal.readText(from, count),
    markSent(position) {
      journal.markSent(position);
      witness.marked(journal.epoch, position);
    },
  };
  const nothing = () => undefined;
  return createLink(
    breaker.link({
      ...parts,
      url: 'mqtt://simulated',
      seals: plainText,
      onCommand: nothing,
      onRequest: nothing,
      street,
      kiosk,
      journal: source,
      onDocument: nothing,
      onOnline: nothing,
      onReached,
      onEpochOver(_why, known) {
        try {
          journal.beginEpoch(now(), known);
          epochBegan();
        } catch (error) {
          // With a card that cannot be written the link asks again later.
          if (!(error instanceof Fault)) throw error;
        }
      },
    }),
  );
}
