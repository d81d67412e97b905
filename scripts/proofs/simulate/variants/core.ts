import { emptyDirectory } from '../../../../src/circulation/directory.js';
import { dueDateOf } from '../../../../src/circulation/due.js';
import type { Event } from '../../../../src/circulation/event.js';
import type { Ledger, LockerRecord } from '../../../../src/circulation/ledger.js';
import type { State } from '../../../../src/circulation/state.js';
import { type LockerNo, lockerNo } from '../../../../src/kernel/ids.js';
import { elapsedMs } from '../../../../src/kernel/time.js';
import { brokenAnswer, brokenParts, brokenQuestion, type Variant, withEvents } from '../variant.js';

const withLockers = (ledger: Ledger, change: (record: LockerRecord) => LockerRecord): Ledger => ({
  ...ledger,
  lockers: new Map([...ledger.lockers].map(([locker, record]) => [locker, change(record)])),
});

/** A core that does not record what `isLost` says. */
const forgetting = (isLost: (event: Event) => boolean) =>
  brokenAnswer((decision, before) =>
    withEvents(
      decision,
      before,
      decision.events.filter((event) => !isLost(event)),
    ),
  );

const inventing = (more: (event: Event, state: State) => readonly Event[]) =>
  brokenAnswer((decision, before) =>
    withEvents(
      decision,
      before,
      decision.events.flatMap((event) => [event, ...more(event, before)]),
    ),
  );

/** Cores that are broken. */
export const coreVariants: readonly Variant[] = [
  {
    name: 'obeys-again',
    wrong: 'carries a command out again when it comes again',
    check: 'commands-run-once',
    create: brokenQuestion((ask, state, input, moment) =>
      ask({ ...state, ledger: { ...state.ledger, commands: new Map() } }, input, moment),
    ),
  },
  {
    name: 'loses-outcomes',
    wrong: 'does not record that a visit was cancelled',
    check: 'one-outcome-per-intent',
    create: forgetting(({ type }) => type === 'checkout-cancelled'),
  },
  {
    name: 'ignores-busy',
    wrong: 'serves the next one while a door is unlocked',
    check: 'one-door-at-a-time',
    create: brokenQuestion((ask, state, input, moment) => {
      const isBusy = state.visit.kind === 'opening' || state.visit.kind === 'open';
      const isNext = input.kind === 'item-shown' || input.kind === 'pass-shown';
      return ask(isBusy && isNext ? { ...state, visit: { kind: 'idle' } } : state, input, moment);
    }),
  },
  {
    name: 'forgets-withheld',
    wrong: 'uses lockers that are kept for staff',
    check: 'only-sure-doors',
    create: brokenQuestion((ask, state, input, moment) => {
      const ledger = withLockers(state.ledger, (record) => ({ ...record, withheld: null }));
      return ask({ ...state, ledger }, input, moment);
    }),
  },
  {
    name: 'guesses-closed',
    wrong: 'takes a door for closed when it is not known',
    check: 'door-never-guessed',
    create: brokenQuestion((ask, state, input, moment) =>
      input.kind === 'door' && input.door === 'unknown'
        ? ask(state, { ...input, door: 'closed' }, moment)
        : ask(state, input, moment),
    ),
  },
  {
    name: 'keeps-doors-of-lost-boards',
    wrong: 'still believes what a lost board once reported',
    check: 'door-never-guessed',
    create: brokenAnswer((decision, { doors }, { kind }) =>
      kind === 'board-lost' ? { ...decision, state: { ...decision.state, doors } } : decision,
    ),
  },
  {
    name: 'fills-full-lockers',
    wrong: 'takes every locker for empty when a book is brought back',
    check: 'item-in-one-place',
    create: brokenQuestion((ask, state, input, moment) => {
      if (input.kind !== 'item-shown') return ask(state, input, moment);
      const ledger = withLockers(state.ledger, (record) => ({ ...record, item: null }));
      return ask({ ...state, ledger }, input, moment);
    }),
  },
  {
    name: 'keeps-misplaced-in-use',
    wrong: 'does not send staff to a locker whose book turned up elsewhere',
    check: 'item-in-one-place',
    create: forgetting((event) => event.type === 'locker-withheld' && event.reason === 'misplaced'),
  },
  {
    name: 'lends-at-pulse',
    wrong: 'takes an unlocked door for an opened one',
    check: 'loan-matches-hands',
    create: brokenAnswer((decision, before, _input, moment) =>
      withEvents(
        decision,
        before,
        decision.events.flatMap((event): Event[] => {
          if (event.type !== 'checkout-intended') return [event];
          const { visit, locker, item, patron } = event;
          const dueAt = dueDateOf(before, item, moment);
          const dueProvisional = moment.trust !== 'trusted';
          return [event, { type: 'item-lent', visit, locker, item, patron, dueAt, dueProvisional }];
        }),
      ),
    ),
  },
  {
    name: 'ignores-forced-doors',
    wrong: 'takes no notice of a door that nobody unlocked',
    check: 'no-opening-unnoticed',
    create: forgetting((event) => event.type === 'locker-withheld' && event.reason === 'door-forced'),
  },
  {
    name: 'doubts-every-return',
    wrong: 'keeps a locker for staff after every return',
    check: 'no-false-alarm',
    create: inventing((event) =>
      event.type === 'item-returned'
        ? [{ type: 'locker-withheld', locker: event.locker, reason: 'outcome-unknown' }]
        : [],
    ),
  },
  {
    name: 'one-board-takes-all',
    wrong: 'takes every board for lost when one is',
    check: 'fault-stays-local',
    create: brokenAnswer((decision, _before, { kind }) => {
      if (kind !== 'board-lost') return decision;
      const boards = new Map(
        [...decision.state.boards].map(([id, board]) => [id, { ...board, ready: false }]),
      );
      return { ...decision, state: { ...decision.state, boards } };
    }),
  },
  {
    name: 'hides-chatter',
    wrong: 'does not publish that a switch chatters',
    check: 'faults-are-published',
    create: brokenAnswer((decision) => ({
      ...decision,
      state: { ...decision.state, chattering: new Set() },
    })),
  },
  {
    name: 'forgets-spent-passes',
    wrong: 'does not remember which one-loan passes were used',
    check: 'one-loan-per-grant',
    create: brokenQuestion((ask, state, input, moment) =>
      ask({ ...state, ledger: { ...state.ledger, spent: new Map() } }, input, moment),
    ),
  },
  {
    name: 'lends-to-anybody',
    wrong: 'does not look who is blocked and what is for children',
    check: 'no-forbidden-loan',
    create: brokenQuestion((ask, state, input, moment) => {
      const decision = ask({ ...state, directory: emptyDirectory }, input, moment);
      const { directory } = input.kind === 'directory-updated' ? input : state;
      return { ...decision, state: { ...decision.state, directory } };
    }),
  },
  {
    name: 'looks-before-it-counts',
    wrong: 'does not record that a PIN was tried',
    check: 'pins-are-counted',
    create: forgetting(({ type }) => type === 'pin-tried'),
  },
  {
    name: 'confirms-once',
    wrong: 'opens all doors after one confirmation',
    check: 'emergency-is-confirmed',
    create: brokenAnswer((decision) => {
      const { visit } = decision.state;
      if (visit.kind !== 'working' || visit.emergency !== 'asked') return decision;
      return { ...decision, state: { ...decision.state, visit: { ...visit, emergency: 'confirmed' } } };
    }),
  },
  {
    name: 'remembers-everything',
    wrong: 'forgets nothing of what it has seen',
    check: 'bounded',
    create: brokenAnswer((decision, { lastClosedAt: shutAt }) => {
      const more = new Map<LockerNo, ReturnType<typeof elapsedMs>>(shutAt).set(
        lockerNo(shutAt.size + 1_000),
        elapsedMs(0),
      );
      return { ...decision, state: { ...decision.state, lastClosedAt: more } };
    }),
  },
  {
    name: 'waits-without-end',
    wrong: 'gives a chosen book no deadline',
    check: 'nobody-waits-forever',
    create: brokenParts((parts) => ({
      decide: (state, input, moment) => {
        const decision = parts.decide(state, input, moment);
        const { visit } = decision.state;
        if (visit.kind !== 'choosing') return decision;
        return {
          ...decision,
          state: { ...decision.state, visit: { ...visit, deadline: elapsedMs(2 ** 40) } },
        };
      },
    })),
  },
];
