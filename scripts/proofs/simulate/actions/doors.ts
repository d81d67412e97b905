import type { LockerNo } from '../../../../src/kernel/ids.js';
import type { Random } from '../../support/random.js';
import type { Action } from '../action.js';
import { aimOf } from '../ground-truth.js';
import type { LockerModel } from '../locker-model.js';
import type { World } from '../world.js';

const all = ({ cabinet }: World) => [...cabinet.lockers.values()];
const openOnes = (world: World) => all(world).filter(({ door }) => door === 'open');
const freeOnes = (world: World) =>
  all(world).filter(({ door, freeUntilMs }) => door === 'closed' && freeUntilMs > world.time.nowMs);

const someone = ({ actors }: World, dice: Random) => dice.between(0, actors.patrons.length - 1);

/** Whoever a door was unlocked for opens it. */
const pull: Action = {
  name: 'pull',
  weight: (world) => (freeOnes(world).length > 0 ? 20 : 0),
  run(world, dice) {
    const free = freeOnes(world);
    if (free.length === 0) return 'nobody can open a door';
    const { no } = dice.pick(free);
    world.cabinet.pull(no);
    return `door ${no} is opened`;
  },
};

/** What the visit at an open door is for is done: the book is taken, or put in. */
const doIt: Action = {
  name: 'do-it',
  weight: (world) => (openOnes(world).length > 0 ? 20 : 0),
  run(world, dice) {
    const open = openOnes(world);
    if (open.length === 0) return 'no door is open';
    const locker = dice.pick(open);
    return doAsMeant(world, locker, someone(world, dice));
  },
};

function doAsMeant(world: World, locker: LockerModel, person: number): string {
  const { no, inside } = locker;
  const visit = world.truth.openings.get(no)?.visit;
  if (!visit) return `somebody looks into locker ${no}`;
  const { item } = visit;
  const aim = aimOf(visit);
  if (item === null || aim === 'look') return `somebody looks into locker ${no}`;
  if (aim === 'take') {
    if (!inside.includes(item)) return `book ${item} is not in locker ${no}`;
    world.people.take(person, no, item);
    return `book ${item} is taken from locker ${no}`;
  }
  if (world.people.holder(item) === undefined) return `nobody has book ${item} to put into locker ${no}`;
  world.people.put(no, item);
  return `book ${item} is put into locker ${no}`;
}

/** Something else is done behind an open door. */
const doOddly: Action = {
  name: 'do-oddly',
  faultGroup: 'hands',
  weight: (world) => (openOnes(world).length > 0 ? 1 : 0),
  run(world, dice) {
    const open = openOnes(world);
    if (open.length === 0) return 'no door is open';
    const { no, inside } = dice.pick(open);
    const [first] = inside;
    if (first !== undefined && dice.chance(0.6)) {
      world.people.take(someone(world, dice), no, first);
      return `book ${first} is taken from locker ${no}, whoever may`;
    }
    const { outside } = world.people;
    if (outside.length === 0) return 'nobody has a book';
    const item = dice.pick(outside);
    world.people.put(no, item);
    return `book ${item} is put into locker ${no}, whoever may`;
  },
};

const shut: Action = {
  name: 'shut',
  weight: (world) => (openOnes(world).length > 0 ? 12 : 0),
  run(world, dice) {
    const open = openOnes(world);
    if (open.length === 0) return 'no door is open';
    const { no } = dice.pick(open);
    world.people.shut(no);
    return `door ${no} is shut`;
  },
};

/** In one go, as most do. */
const doItAll: Action = {
  name: 'do-it-all',
  weight: (world) => (freeOnes(world).length > 0 ? 20 : 0),
  run(world, dice) {
    const free = freeOnes(world);
    if (free.length === 0) return 'nobody can open a door';
    const locker = dice.pick(free);
    const { no } = locker;
    world.cabinet.pull(no);
    world.time.pass(dice.between(100, 4_000));
    const done = doAsMeant(world, locker, someone(world, dice));
    world.time.pass(dice.between(100, 4_000));
    world.people.shut(no);
    return `door ${no} is opened, ${done}, and it is shut`;
  },
};

/** At the last moment, or just after it. */
const pullLate: Action = {
  name: 'pull-late',
  weight: (world) => (freeOnes(world).length > 0 ? 2 : 0),
  run(world, dice) {
    const wakesAtMs = world.machine.isOn ? world.machine.life.wakesAtMs : null;
    if (wakesAtMs === null) return 'nothing is waited for';
    const waitMs = wakesAtMs - world.time.nowMs + dice.between(-40, 40);
    world.time.pass(Math.max(0, waitMs));
    return `at the last moment ${pull.run(world, dice)}`;
  },
};

const force: Action = {
  name: 'force',
  faultGroup: 'hands',
  weight: () => 0.1,
  run(world, dice) {
    const no: LockerNo = dice.pick(world.actors.lockers);
    world.cabinet.force(no);
    return `door ${no} is broken open`;
  },
};

/** What hands do at doors. */
export const doors: readonly Action[] = [pull, doIt, doOddly, shut, doItAll, pullLate, force];
