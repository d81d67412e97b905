import type { RecordedEvent } from '../../../../src/circulation/event.js';
import { Fault } from '../../../../src/kernel/faults.js';
import type { JournalSource } from '../../../../src/link/link.js';
import { brokenParts, type Variant } from '../variant.js';
import { sound } from '../witness.js';

/** Shells, journals and links that are broken. */
export const shellVariants: readonly Variant[] = [
  {
    name: 'effects-before-append',
    wrong: 'releases locks before the intent is durable',
    check: 'no-pulse-without-intent',
    create: () =>
      brokenParts((parts) => ({
        decide: (state, input, moment) => {
          const decision = parts.decide(state, input, moment);
          for (const effect of decision.effects) parts.perform(effect);
          return { ...decision, effects: [] };
        },
      })),
  },
  {
    name: 'unlocks-twice',
    wrong: 'does every effect twice',
    check: 'no-pulse-without-intent',
    create: () =>
      brokenParts((parts) => ({
        perform: (effect) => {
          parts.perform(effect);
          parts.perform(effect);
        },
      })),
  },
  {
    name: 'goes-on-without-card',
    wrong: 'takes a failed append for a good one',
    check: 'ledger-equals-replay',
    create: () =>
      brokenParts((parts) => ({
        append: (moment, events) => {
          try {
            parts.append(moment, events);
          } catch (error) {
            if (!(error instanceof Fault)) throw error;
          }
        },
      })),
  },
  {
    name: 'forgets-to-reload',
    wrong: 'begins with no loans, whatever the journal says',
    check: 'ledger-equals-replay',
    create: () => ({
      ...sound,
      begin: (state) => ({ ...state, ledger: { ...state.ledger, loans: new Map() } }),
    }),
  },
  {
    name: 'forgets-deadlines',
    wrong: 'does not wait for every third deadline',
    check: 'nobody-waits-forever',
    create: () => {
      let waits = 0;
      return brokenParts((parts) => ({
        wait: (waitMs, run) => {
          waits += 1;
          return waits % 3 === 0 ? () => undefined : parts.wait(waitMs, run);
        },
      }));
    },
  },
  {
    name: 'believes-any-clock',
    wrong: 'trusts every clock',
    check: 'nothing-expires-wrongly',
    create: () =>
      brokenParts(({ clock }) => ({ clock: { now: () => ({ ...clock.now(), trust: 'trusted' }) } })),
  },
  {
    name: 'names-in-logs',
    wrong: 'logs who has borrowed',
    check: 'no-names-in-logs',
    create: () =>
      brokenParts((parts) => ({
        onStep: (state, moment, grew) => {
          parts.onStep(state, moment, grew);
          for (const { patron } of state.ledger.loans.values()) parts.log.debug({ patron }, 'on loan');
        },
      })),
  },
  {
    name: 'never-tidies',
    wrong: 'never forgets who had what',
    check: 'forgets-patrons',
    create: () => ({ ...sound, tidy: () => false }),
  },
  {
    name: 'puback-moves-mark',
    wrong: 'takes what was published for stored',
    check: 'catalogue-equals-journal',
    create: () => ({
      ...sound,
      link: (options) => ({
        ...options,
        connect: (mqtt) => {
          const connection = options.connect?.(mqtt);
          return {
            close: async (farewell) => connection?.close(farewell),
            hearAgain: () => connection?.hearAgain(),
            publish: (topic, payload, how) => {
              connection?.publish(topic, payload, how);
              if (topic.endsWith('/journal')) options.journal.markSent(options.journal.lastPosition());
            },
          };
        },
      }),
    }),
  },
  {
    name: 'sends-out-of-order',
    wrong: 'sends the events of a batch in any order',
    check: 'catalogue-equals-journal',
    create: () => ({
      ...sound,
      link: (options) => ({ ...options, journal: outOfOrder(options.journal) }),
    }),
  },
];

function outOfOrder(journal: JournalSource): JournalSource {
  return {
    get epoch() {
      return journal.epoch;
    },
    lastPosition: () => journal.lastPosition(),
    sentMark: () => journal.sentMark(),
    unwrittenMarkEvents: () => journal.unwrittenMarkEvents(),
    prunedUpTo: () => journal.prunedUpTo(),
    markSent: (position) => journal.markSent(position),
    readText(from, count) {
      const read = journal.readText(from, count);
      if (!read) return null;
      const events: readonly RecordedEvent[] = JSON.parse(read.text);
      const bodies = events.map(({ event }) => event).reverse();
      const text = JSON.stringify(events.map((each, at) => ({ ...each, event: bodies[at] ?? each.event })));
      return { ...read, text };
    },
  };
}
