import { lockerOf } from '../../../../src/circulation/ledger.js';
import type { Visit } from '../../../../src/circulation/state.js';
import type { Action } from '../action.js';
import type { World } from '../world.js';

const unplug: Action = {
  name: 'unplug',
  faultGroup: 'boards',
  weight: ({ cabinet }) => (cabinet.boards.some(({ isPlugged }) => isPlugged) ? 0.5 : 0),
  run(world, dice) {
    const board = dice.pick(world.cabinet.boards);
    const isPowerLost = dice.chance(0.4);
    world.cabinet.unplug(board, isPowerLost);
    return `${board.id} loses its ${isPowerLost ? 'supply' : 'line'}`;
  },
};

const plug: Action = {
  name: 'plug',
  weight: ({ cabinet }) => (cabinet.boards.some(({ isPlugged }) => !isPlugged) ? 3 : 0),
  run(world, dice) {
    const board = dice.pick(world.cabinet.boards);
    world.cabinet.plug(board);
    return `${board.id} is plugged in`;
  },
};

const refuse: Action = {
  name: 'refuse-pulses',
  faultGroup: 'boards',
  weight: () => 0.3,
  run(world, dice) {
    const board = dice.pick(world.cabinet.boards);
    board.refuses = true;
    return `${board.id} refuses every pulse`;
  },
};

const obey: Action = {
  name: 'obey-again',
  weight: ({ cabinet }) => (cabinet.boards.some(({ refuses }) => refuses) ? 2 : 0),
  run(world) {
    for (const board of world.cabinet.boards) board.refuses = false;
    return 'all boards obey again';
  },
};

/** A board that refused a pulse says so late: its line was busy. */
const answerLate: Action = {
  name: 'answer-late',
  faultGroup: 'boards',
  // Most such visits are over soon; who is next should still be there.
  weight: (world) =>
    refusedOnes(world).length * (world.machine.isOn && rare.has(world.machine.state.visit.kind) ? 60 : 3),
  run(world, dice) {
    const refused = refusedOnes(world);
    if (refused.length === 0) return 'no board has anything to answer';
    const { locker, visit } = dice.pick(refused);
    world.cabinet.refuseLate(locker, visit);
    return `the board says late that it did not release locker ${locker}`;
  },
};

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

const jam: Action = {
  name: 'jam',
  faultGroup: 'steel',
  weight: () => 0.3,
  run(world, dice) {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    locker.isJammed = true;
    return `the bolt of locker ${locker.no} is jammed`;
  },
};

const breakSwitch: Action = {
  name: 'break-switch',
  faultGroup: 'steel',
  weight: () => 0.4,
  run(world, dice) {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    const how = dice.pick(['silent', 'chattering'] as const);
    world.cabinet.setSwitch(locker, how);
    return `the switch of door ${locker.no} is ${how}`;
  },
};

const blindSensor: Action = {
  name: 'blind-sensor',
  faultGroup: 'steel',
  weight: () => 0.2,
  run(world, dice) {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    if (locker.sensor !== 'good') return `locker ${locker.no} has no sensor that could go blind`;
    world.cabinet.setSensor(locker, 'blind');
    return `the sensor of locker ${locker.no} is blind`;
  },
};

const mend: Action = {
  name: 'mend',
  weight: (world) => (isBroken(world) ? 1 : 0),
  run(world, dice) {
    const locker = world.cabinet.locker(dice.pick(world.actors.lockers));
    world.cabinet.mend(locker);
    return `locker ${locker.no} is sound`;
  },
};

const isBroken = ({ cabinet }: World) =>
  [...cabinet.lockers.values()].some(
    ({ isJammed, doorSwitch, sensor }) => isJammed || doorSwitch !== 'good' || sensor === 'blind',
  );

/** What boards, bolts, switches and sensors do. */
export const boards: readonly Action[] = [
  unplug,
  plug,
  refuse,
  answerLate,
  obey,
  jam,
  breakSwitch,
  blindSensor,
  mend,
];
