import type { RecordedEvent } from '../../../../src/circulation/event.js';
import type { EventsText, Journal } from '../../../../src/journal/journal.js';
import { assert } from '../../../../src/kernel/assert.js';
import { Fault } from '../../../../src/kernel/faults.js';
import type { KioskPorts } from '../../../../src/kiosk/wire-kiosk.js';
import type { MqttConnection, MqttOptions } from '../../../../src/mqtt/connection.js';
import { overriding } from '../../support/stand-ins.js';
import { sound } from '../check.js';
import { brokenJournal, brokenParts, type Variant } from '../variant.js';

/** Shells, journals and links that are broken. */
export const shellVariants: readonly Variant[] = [
  {
    name: 'effects-before-append',
    wrong: 'releases locks before the intent is durable',
    check: 'no-pulse-without-intent',
    create: brokenParts((parts) => ({
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
    create: brokenParts((parts) => ({
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
    create: brokenParts((parts) => ({
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
    create: brokenJournal((journal) => ({ load: () => ({ ...journal.load(), loans: new Map() }) })),
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
      }))();
    },
  },
  {
    name: 'believes-any-clock',
    wrong: 'trusts every clock',
    check: 'nothing-expires-wrongly',
    create: brokenParts(({ clock }) => ({ clock: { now: () => ({ ...clock.now(), trust: 'trusted' }) } })),
  },
  {
    name: 'names-in-logs',
    wrong: 'logs who has borrowed',
    check: 'no-names-in-logs',
    create: brokenParts((parts) => ({
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
    create: brokenJournal(() => ({ housekeep: () => false })),
  },
  {
    name: 'puback-moves-mark',
    wrong: 'takes what was published for stored',
    check: 'catalogue-equals-journal',
    create: () => ({
      ...sound,
      ports: (ports) => ({ ...ports, connect: (options) => markedWhenPublished(ports, options) }),
    }),
  },
  {
    name: 'sends-out-of-order',
    wrong: 'sends the events of a batch in any order',
    check: 'catalogue-equals-journal',
    create: brokenJournal((journal) => ({ readText: (from, count) => outOfOrder(journal, from, count) })),
  },
];

/** The connection, where a batch counts as stored once it is published. */
function markedWhenPublished({ connect, journal }: KioskPorts, options: MqttOptions): MqttConnection {
  assert(connect !== undefined, 'connections are simulated');
  const connection = connect(options);
  return overriding(connection, {
    publish(topic, payload, how) {
      connection.publish(topic, payload, how);
      if (topic.endsWith('/journal')) journal.markSent(journal.lastPosition());
    },
  });
}

function outOfOrder(journal: Journal, from: number, count: number): EventsText | null {
  const read = journal.readText(from, count);
  if (!read) return null;
  const events: readonly RecordedEvent[] = JSON.parse(read.text);
  const bodies = events.map(({ event }) => event).reverse();
  const text = JSON.stringify(events.map((each, at) => ({ ...each, event: bodies[at] ?? each.event })));
  return { ...read, text };
}
