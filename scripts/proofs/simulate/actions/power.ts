import type { Event } from '../../../../src/circulation/event.js';
import { type Ledger, lockerOf } from '../../../../src/circulation/ledger.js';
import type { Random } from '../../support/random.js';
import type { Action } from '../action.js';
import { cutPoints } from '../power-cut.js';
import type { WallStart } from '../wall-clock.js';
import type { World } from '../world.js';

/** The process dies here and now, perhaps with everybody’s supply. */
const crash: Action = {
  name: 'crash',
  faultGroup: 'power',
  weight: ({ machine }) => (machine.isOn ? 0.2 : 0),
  run(world, dice) {
    if (!world.machine.isOn) return 'the kiosk is off already';
    const isPowerLost = dice.chance(0.5);
    world.machine.die();
    world.gone(isPowerLost);
    return isPowerLost ? 'the power is cut' : 'the program dies';
  },
};

/** The next step that comes so far ends there. */
const cutWithin: Action = {
  name: 'cut-within',
  faultGroup: 'power',
  weight: ({ machine }) => (machine.isOn ? 0.4 : 0),
  run(world, dice) {
    const point = dice.pick(cutPoints);
    world.machine.armCut(point);
    return `the program is about to die within a step: ${point}`;
  },
};

const start: Action = {
  name: 'start',
  weight: ({ machine }) => (machine.isOn ? 0 : 25),
  run(world, dice) {
    if (world.machine.isOn) return 'the kiosk is on already';
    const { wall, synchronized } = clockOf(world, dice);
    world.wall.start(wall, synchronized);
    world.start();
    return `the kiosk starts, its clock ${wall}`;
  },
};

/** Where nobody knows whether a clock was set, one that is hours behind cannot be distinguished from one that is right. */
function clockOf({ mix }: World, dice: Random): { wall: WallStart; synchronized: boolean | null } {
  if (mix.clock === 0) return { wall: 'right', synchronized: true };
  const synchronized = dice.pick([true, false, false, null]);
  const wall = dice.pick(['right', 'at-1970', 'ten-years-ahead', 'hours-behind'] as const);
  return { synchronized, wall: synchronized === null && wall === 'hours-behind' ? 'at-1970' : wall };
}

/** The card cannot be written any more; only a new start helps. */
const spoilJournal: Action = {
  name: 'spoil-journal',
  faultGroup: 'journal',
  weight: ({ machine }) => (machine.isOn && machine.state.journalWritable ? 0.15 : 0),
  run(world, dice) {
    if (!world.machine.isOn) return 'the kiosk is off';
    const how = dice.pick(['full', 'read-only'] as const);
    const { life } = world.machine;
    life.spoilJournal(how);
    // Who notices first: the next step, or a list from the catalogue that is to be kept.
    const isNoticed = dice.chance(0.5);
    if (isNoticed) life.keepList();
    return `the card is ${how}${isNoticed ? ', and the program has noticed' : ''}`;
  },
};

/** The supervisor, or somebody, starts the program anew after the card was spoilt. */
const restart: Action = {
  name: 'restart',
  weight: ({ machine }) => (machine.isOn && !machine.state.journalWritable ? 5 : 0),
  run(world) {
    if (!world.machine.isOn) return 'the kiosk is off';
    world.machine.die();
    world.gone(false);
    world.start();
    return 'the program is started anew';
  },
};

/** A technician comes: shuts the doors, mends what is broken, puts books where the journal has them, restores lockers. */
const technician: Action = {
  name: 'technician',
  weight: (world) => (hasWork(world) ? 0.6 : 0.01),
  run(world) {
    if (world.machine.isOn) {
      world.machine.die();
      world.gone(false);
    }
    for (const locker of world.cabinet.lockers.values()) {
      world.people.shut(locker.no);
      world.cabinet.mend(locker);
    }
    world.start((ledger) => restored(world, ledger));
    return 'a technician sees to the kiosk';
  },
};

const hasWork = ({ machine, actors }: World) =>
  machine.isOn && actors.lockers.some((each) => lockerOf(machine.state.ledger, each).withheld !== null);

function restored({ actors, people, truth }: World, ledger: Ledger): readonly Event[] {
  const events: Event[] = [];
  for (const locker of actors.lockers) {
    const { item, intent, withheld } = lockerOf(ledger, locker);
    // What is under way there is the program's to settle.
    if (intent !== null) continue;
    people.tidy(locker, item);
    truth.looked(locker);
    if (withheld !== null) events.push({ type: 'locker-restored', locker });
  }
  return events;
}

/** The computer, its card, and who comes to see to them. */
export const power: readonly Action[] = [crash, cutWithin, start, spoilJournal, restart, technician];
