import type { Event } from '../../../../src/circulation/event.js';
import { type Ledger, lockerOf } from '../../../../src/circulation/ledger.js';
import type { Random } from '../../support/random.js';
import { type Action, action, fault, isOn, isWritable, when } from '../action.js';
import { cutPoints } from '../kiosk-program.js';
import type { WallStart } from '../wall-clock.js';
import type { World } from '../world.js';

/** Where nobody knows whether a clock was set, one that stays wrong cannot be distinguished from one that is right. */
function clockOf({ mix }: World, dice: Random): { wall: WallStart; synchronized: boolean | null } {
  if (mix.clock === 0) return { wall: 'right', synchronized: true };
  const synchronized = dice.pick([true, false, false, null]);
  const wall = dice.pick(['right', 'at-1970', 'ten-years-ahead', 'hours-behind'] as const);
  return { synchronized, wall: synchronized === null && wall !== 'right' ? 'at-1970' : wall };
}

const minuteMs = 60_000;
const jumpsMs = [5 * minuteMs, 60 * minuteMs, 26 * 60 * minuteMs, 300 * 24 * 60 * minuteMs];

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
export const power: readonly Action[] = [
  fault('power', 'crash', when(0.2, isOn), (world, dice) => {
    if (!world.machine.isOn) return 'the kiosk is off already';
    const isPowerLost = dice.chance(0.5);
    world.machine.die();
    world.gone(isPowerLost);
    return isPowerLost ? 'the power is cut' : 'the program dies';
  }),
  fault('power', 'cut-within', when(0.4, isOn), (world, dice) => {
    const point = dice.pick(cutPoints);
    world.machine.armCut(point);
    return `the program is about to die within a step: ${point}`;
  }),
  action('start', when(0, isOn, 25), (world, dice) => {
    if (world.machine.isOn) return 'the kiosk is on already';
    const { wall, synchronized } = clockOf(world, dice);
    world.wall.start(wall, synchronized);
    world.start();
    return `the kiosk starts, its clock ${wall}`;
  }),
  /** Somebody sets the clock wrongly. It is corrected before the program may believe it. */
  fault('clock', 'clock-jump', when(0.3, isOn), (world, dice) => {
    const jumpMs = dice.pick(jumpsMs) * dice.pick([-1, 1]);
    const lastsMs = dice.between(1, 30) * minuteMs;
    if (!world.wall.jump(jumpMs, lastsMs)) return 'the program has not seen the clock yet';
    return `the clock jumps by ${jumpMs / minuteMs} min for ${lastsMs / minuteMs} min`;
  }),
  fault('journal', 'spoil-journal', when(0.15, isWritable), (world, dice) => {
    if (!world.machine.isOn) return 'the kiosk is off';
    const how = dice.pick(['full', 'read-only'] as const);
    const { program } = world.machine;
    program.breakJournal(how);
    // Who notices first: the next step, or a list from the catalogue that is to be kept.
    const isNoticed = dice.chance(0.5);
    if (isNoticed) program.keepList();
    return `the card is ${how}${isNoticed ? ', and the program has noticed' : ''}`;
  }),
  action(
    'restart',
    when(5, ({ machine }) => machine.isOn && !machine.state.journalWritable),
    (world) => {
      if (!world.machine.isOn) return 'the kiosk is off';
      world.machine.die();
      world.gone(false);
      world.wall.correct();
      world.start();
      return 'the program is started anew';
    },
  ),
  /** A technician comes: shuts the doors, mends what is broken, puts books where the journal has them, restores lockers. */
  action('technician', when(0.6, hasWork, 0.01), (world) => {
    if (world.machine.isOn) {
      world.machine.die();
      world.gone(false);
    }
    for (const locker of world.cabinet.lockers.values()) {
      world.people.shut(locker.no);
      world.cabinet.repair(locker);
    }
    world.wall.correct();
    world.start((ledger) => restored(world, ledger));
    return 'a technician sees to the kiosk';
  }),
];
