import type { Random } from '../../support/random.js';
import { type Action, action, fault, when } from '../action.js';
import type { LockerModel } from '../board-model.js';
import { aimOf } from '../ground-truth.js';
import type { World } from '../world.js';

const all = ({ cabinet }: World) => [...cabinet.lockers.values()];
const openOnes = (world: World) => all(world).filter(({ door }) => door === 'open');
const freeOnes = (world: World) =>
  all(world).filter(({ door, freeUntilMs }) => door === 'closed' && freeUntilMs > world.time.nowMs);

const isAnyOpen = (world: World) => openOnes(world).length > 0;
const isAnyFree = (world: World) => freeOnes(world).length > 0;

type AtLocker = (world: World, locker: LockerModel, dice: Random) => string;

/** Runs at one of the open doors. */
const atOpen =
  (run: AtLocker): Action['run'] =>
  (world, dice) =>
    isAnyOpen(world) ? run(world, dice.pick(openOnes(world)), dice) : 'no door is open';

const atFree =
  (run: AtLocker): Action['run'] =>
  (world, dice) =>
    isAnyFree(world) ? run(world, dice.pick(freeOnes(world)), dice) : 'nobody can open a door';

const someone = ({ actors }: World, dice: Random) => dice.between(0, actors.patrons.length - 1);

const pull = action(
  'pull',
  when(20, isAnyFree),
  atFree((world, { no }) => {
    world.cabinet.pull(no);
    return `door ${no} is opened`;
  }),
);

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

/** What hands do at doors. */
export const doors: readonly Action[] = [
  pull,
  /** What the visit at an open door is for is done: the book is taken, or put in. */
  action(
    'do-it',
    when(20, isAnyOpen),
    atOpen((world, locker, dice) => doAsMeant(world, locker, someone(world, dice))),
  ),
  fault(
    'hands',
    'do-oddly',
    when(1, isAnyOpen),
    atOpen((world, { no, inside }, dice) => {
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
    }),
  ),
  action(
    'shut',
    when(12, isAnyOpen),
    atOpen((world, { no }) => {
      world.people.shut(no);
      return `door ${no} is shut`;
    }),
  ),
  action(
    'do-it-all',
    when(20, isAnyFree),
    atFree((world, locker, dice) => {
      const { no } = locker;
      world.cabinet.pull(no);
      world.time.pass(dice.between(100, 4_000));
      const done = doAsMeant(world, locker, someone(world, dice));
      world.time.pass(dice.between(100, 4_000));
      world.people.shut(no);
      return `door ${no} is opened, ${done}, and it is shut`;
    }),
  ),
  action('pull-late', when(2, isAnyFree), (world, dice) => {
    const wakesAtMs = world.machine.isOn ? world.machine.program.wakesAtMs : null;
    if (wakesAtMs === null) return 'nothing is waited for';
    const waitMs = wakesAtMs - world.time.nowMs + dice.between(-40, 40);
    world.time.pass(Math.max(0, waitMs));
    return `at the last moment ${pull.run(world, dice)}`;
  }),
  fault('hands', 'force', 0.1, (world, dice) => {
    const no = dice.pick(world.actors.lockers);
    world.cabinet.force(no);
    return `door ${no} is broken open`;
  }),
];
