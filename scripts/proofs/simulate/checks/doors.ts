import { lockerOf } from '../../../../src/circulation/ledger.js';
import { partOf } from '../book-keeping.js';
import type { CheckKind } from '../check-kind.js';

/** What the core believes of doors is what the boards reported, no more: without a report it is unknown. */
export const doorNeverGuessed: CheckKind = {
  name: 'door-never-guessed',
  promises: [9],
  create({ reports, actors }, fail) {
    return {
      stepped({ doors, chattering }) {
        for (const locker of actors.lockers) {
          const believed = doors.get(locker) ?? 'unknown';
          if (believed !== reports.door(locker))
            fail(`door ${locker} is taken for ${believed} and was reported as ${reports.door(locker)}`);
          if (chattering.has(locker) !== reports.chattering.has(locker))
            fail(`whether door ${locker} chatters is made up`);
        }
      },
    };
  },
};

/** One lock at a time, for the visit at hand, and nobody else's door is waited for meanwhile. */
export const oneDoorAtATime: CheckKind = {
  name: 'one-door-at-a-time',
  promises: [2],
  create({ reports }, fail) {
    return {
      decided({ before, decision: { state, events, effects } }) {
        const [effect] = effects;
        if (effects.length > 1) fail(`${effects.length} effects at once`);
        if (effect?.kind !== 'unlock') return;
        const { visit } = state;
        if (visit.kind !== 'opening' || visit.locker !== effect.locker || visit.visit !== effect.visit)
          fail(`locker ${effect.locker} is released, and the visit at hand is ${visit.kind}`);
        const { visit: last } = before;
        if ((last.kind !== 'opening' && last.kind !== 'open') || last.visit === effect.visit) return;
        // A door that nobody knows anything of any more is not waited for.
        if (reports.door(last.locker) === 'unknown') return;
        const isOver = events.some(
          (each) => 'visit' in each && each.visit === last.visit && partOf(each) === 'end',
        );
        if (!isOver) fail(`locker ${effect.locker} is released while visit ${last.visit} is ${last.kind}`);
      },
    };
  },
};

/** Only a lock whose door was reported shut, and that is not in doubt, is released. */
export const onlySureDoors: CheckKind = {
  name: 'only-sure-doors',
  promises: [8, 9],
  create({ reports, machine }, fail) {
    return {
      unlocking({ locker }) {
        if (reports.door(locker) !== 'closed')
          fail(`locker ${locker} is released, its door is ${reports.door(locker)}`);
        const { withheld, intent } = lockerOf(machine.life.journal.load(), locker);
        // Staff may look behind a door that is kept for them.
        if (withheld !== null && intent?.purpose !== 'access')
          fail(`locker ${locker} is released and withheld: ${withheld}`);
      },
    };
  },
};
