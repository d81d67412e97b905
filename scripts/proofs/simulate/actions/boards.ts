import { lockerOf } from '../../../../src/circulation/ledger.js';
import type { Visit } from '../../../../src/circulation/state.js';
import { type Action, action, fault, when } from '../action.js';
import type { BoardModel } from '../board-model.js';
import type { World } from '../world.js';

const rare: ReadonlySet<Visit['kind']> = new Set(['identifying', 'asking', 'pin']);

/** Visits under way whose locks were never released. */
function refusedOnes({ machine, cabinet, actors }: World) {
  if (!machine.isOn) return [];
  return actors.lockers.flatMap((locker) => {
    const { intent } = lockerOf(machine.state.ledger, locker);
    const isRefused = intent && cabinet.locker(locker).freedFor !== intent.visit;
    return isRefused && cabinet.boardOf(locker).isReady ? [{ locker, visit: intent.visit }] : [];
  });
}

const isAnyBoard = (isSo: (board: BoardModel) => boolean) => (world: World) =>
  world.cabinet.boards.some(isSo);

const isBroken = ({ cabinet }: World) =>
  [...cabinet.lockers.values()].some(
    ({ isJammed, doorSwitch, sensor }) => isJammed || doorSwitch !== 'good' || sensor === 'blind',
  );

/** What boards, bolts, switches and sensors do. */
export const boards: readonly Action[] = [
  fault(
    'boards',
    'unplug',
    when(
      0.5,
      isAnyBoard(({ isPlugged }) => isPlugged),
    ),
    (world, dice) => {
      const board = dice.pick(world.cabinet.boards);
      const isPowerLost = dice.chance(0.4);
      world.cabinet.unplug(board, isPowerLost);
      return `${board.id} loses its ${isPowerLost ? 'supply' : 'line'}`;
    },
  ),
  action(
    'plug',
    when(
      3,
      isAnyBoard(({ isPlugged }) => !isPlugged),
    ),
    (world, dice) => {
      const board = dice.pick(world.cabinet.boards);
      world.cabinet.plug(board);
      return `${board.id} is plugged in`;
    },
  ),
  fault('boards', 'refuse-pulses', 0.3, (world, dice) => {
    const board = dice.pick(world.cabinet.boards);
    board.refuses = true;
    return `${board.id} refuses every pulse`;
  }),
  /** A board that refused a pulse says so late: its line was busy. */
  fault(
    'boards',
    'answer-late',
    // Most such visits are over soon; who is next should still be there.
    (world) =>
      refusedOnes(world).length * (world.machine.isOn && rare.has(world.machine.state.visit.kind) ? 60 : 3),
    (world, dice) => {
      const refused = refusedOnes(world);
      if (refused.length === 0) return 'no board has anything to answer';
      const { locker, visit } = dice.pick(refused);
      world.cabinet.refuseLate(locker, visit);
      return `the board says late that it did not release locker ${locker}`;
    },
  ),
  action(
    'obey-again',
    when(
      2,
      isAnyBoard(({ refuses }) => refuses),
    ),
    (world) => {
      for (const board of world.cabinet.boards) board.refuses = false;
      return 'all boards obey again';
    },
  ),
  fault('steel', 'jam', 0.3, (world, dice) => {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    locker.isJammed = true;
    return `the bolt of locker ${locker.no} is jammed`;
  }),
  fault('steel', 'break-switch', 0.4, (world, dice) => {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    const how = dice.pick(['silent', 'chattering'] as const);
    world.cabinet.setSwitch(locker, how);
    return `the switch of door ${locker.no} is ${how}`;
  }),
  fault('steel', 'blind-sensor', 0.2, (world, dice) => {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    if (locker.sensor !== 'good') return `locker ${locker.no} has no sensor that could go blind`;
    world.cabinet.setSensor(locker, 'blind');
    return `the sensor of locker ${locker.no} is blind`;
  }),
  action('mend', when(1, isBroken), (world, dice) => {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    world.cabinet.repair(locker);
    return `locker ${locker.no} is sound`;
  }),
];
