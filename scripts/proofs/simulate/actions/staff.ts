import type { StaffTask } from '../../../../src/circulation/event.js';
import type { StaffAct } from '../../../../src/circulation/input.js';
import type { Random } from '../../support/random.js';
import { type Action, action, when } from '../action.js';
import { passAges } from '../phone.js';
import type { World } from '../world.js';
import { isAt, someLocker } from './residents.js';

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

const isAtTask = (task: StaffTask, kind: 'working' | 'open') => (world: World) => {
  const visit = world.machine.isOn ? world.machine.state.visit : null;
  return visit?.kind === kind && 'work' in visit && visit.work?.task === task;
};

/** The work of staff with a staff pass. */
export const staff: readonly Action[] = [
  action('show-staff', when(2, isAt('idle', 'farewell'), 0.5), (world, dice) => {
    const age = dice.chance(0.9) ? 'fresh' : dice.pick(passAges);
    world.showPass({ kind: 'staff', staff: world.actors.staff }, dice.between(0x20000, 0x2ffff), age);
    return `a staff pass is shown (${age})`;
  }),
  action('act', when(20, isAt('working'), 0.3), (world, dice) => {
    const what = someAct(world, dice);
    world.submit({ kind: 'staff-acted', act: what });
    return `staff: ${what.do}${'locker' in what ? ` ${what.locker}` : ''}`;
  }),
  action('restock', when(30, isAtTask('restock', 'working')), (world, dice) => {
    const { outside } = world.people;
    const item = dice.pick(outside.length > 0 && dice.chance(0.9) ? outside : world.actors.items);
    world.submit({ kind: 'item-shown', item });
    return `staff show book ${item}`;
  }),
  /** At an open door of a count staff say what they see, mostly rightly. */
  action('say-what-is-there', when(30, isAtTask('count', 'open')), (world, dice) => {
    const visit = world.machine.isOn ? world.machine.state.visit : null;
    if (visit?.kind !== 'open') return 'no door is open for a count';
    const [first] = world.cabinet.locker(visit.locker).inside;
    if (first === undefined || dice.chance(0.03)) {
      world.submit({ kind: 'staff-acted', act: { do: 'found-nothing' } });
      return `staff find nothing in locker ${visit.locker}`;
    }
    world.submit({ kind: 'item-shown', item: first });
    return `staff find book ${first} in locker ${visit.locker}`;
  }),
  action('emergency', when(0.4, isAt('working')), (world, dice) => {
    world.submit({ kind: 'staff-acted', act: { do: 'open-all' } });
    const confirmations = dice.between(0, 2);
    for (let n = 0; n < confirmations; n += 1) world.submit({ kind: 'staff-acted', act: { do: 'confirm' } });
    return `staff want all doors open and confirm it ${confirmations} times`;
  }),
];
