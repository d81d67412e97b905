import type { StaffAct } from '../../../../src/circulation/input.js';
import type { Random } from '../../support/random.js';
import type { Action } from '../action.js';
import { passAges } from '../phone.js';
import type { World } from '../world.js';
import { someLocker, visitKind } from './residents.js';

const showStaff: Action = {
  name: 'show-staff',
  weight: (world) => (['idle', 'farewell'].includes(visitKind(world)) ? 2 : 0.5),
  run(world, dice) {
    const age = dice.chance(0.9) ? 'fresh' : dice.pick(passAges);
    world.showPass({ kind: 'staff', staff: world.actors.staff }, dice.between(0x20000, 0x2ffff), age);
    return `a staff pass is shown (${age})`;
  },
};

/** What staff ask for on the screen. */
const act: Action = {
  name: 'act',
  weight: (world) => (visitKind(world) === 'working' ? 20 : 0.3),
  run(world, dice) {
    const what = someAct(world, dice);
    world.submit({ kind: 'staff-acted', act: what });
    return `staff: ${what.do}${'locker' in what ? ` ${what.locker}` : ''}`;
  },
};

function someAct(world: World, dice: Random): StaffAct {
  const what = dice.pick([
    'restock',
    'restock',
    'count',
    'open',
    'withdraw',
    'withhold',
    'restore',
    'restore',
    'menu',
    'open-all',
    'found-nothing',
  ] as const);
  switch (what) {
    case 'open':
    case 'withhold':
    case 'restore':
      return { do: what, locker: dice.pick(world.actors.lockers) };
    case 'withdraw':
      return { do: what, locker: someLocker(world, dice) };
    default:
      return { do: what };
  }
}

/** With the menu at “put books in”, staff show one. */
const restock: Action = {
  name: 'restock',
  weight: (world) => (taskOf(world) === 'restock' && visitKind(world) === 'working' ? 30 : 0),
  run(world, dice) {
    const { outside } = world.people;
    const item = dice.pick(outside.length > 0 && dice.chance(0.9) ? outside : world.actors.items);
    world.submit({ kind: 'item-shown', item });
    return `staff show book ${item}`;
  },
};

const taskOf = ({ machine }: World) => {
  if (!machine.isOn) return null;
  const { visit } = machine.state;
  return 'work' in visit ? (visit.work?.task ?? null) : null;
};

/** At an open door of a count staff say what they see, mostly rightly. */
const count: Action = {
  name: 'say-what-is-there',
  weight: (world) => (taskOf(world) === 'count' && visitKind(world) === 'open' ? 30 : 0),
  run(world, dice) {
    const visit = world.machine.isOn ? world.machine.state.visit : null;
    if (visit?.kind !== 'open') return 'no door is open for a count';
    const [first] = world.cabinet.locker(visit.locker).inside;
    if (first === undefined || dice.chance(0.03)) {
      world.submit({ kind: 'staff-acted', act: { do: 'found-nothing' } });
      return `staff find nothing in locker ${visit.locker}`;
    }
    world.submit({ kind: 'item-shown', item: first });
    return `staff find book ${first} in locker ${visit.locker}`;
  },
};

/** All doors: asked for, and confirmed once, twice, or not quite. */
const emergency: Action = {
  name: 'emergency',
  weight: (world) => (visitKind(world) === 'working' ? 0.4 : 0),
  run(world, dice) {
    world.submit({ kind: 'staff-acted', act: { do: 'open-all' } });
    const confirmations = dice.between(0, 2);
    for (let n = 0; n < confirmations; n += 1) world.submit({ kind: 'staff-acted', act: { do: 'confirm' } });
    return `staff want all doors open and confirm it ${confirmations} times`;
  },
};

/** The work of staff with a staff pass. */
export const staff: readonly Action[] = [showStaff, act, restock, count, emergency];
