import type { Action } from '../action.js';
import { cutPoints } from '../machine.js';
import type { World } from '../world.js';

const starts = ['right', 'right', 'at-1970', 'ten-years-ahead', 'hours-behind'] as const;
const synchronized = [true, false, false, null] as const;

/** The process dies here and now, perhaps with everybody’s supply. */
const crash: Action = {
  name: 'crash',
  weight: ({ machine }) => (machine.isOn ? 0.4 : 0),
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
  weight: ({ machine }) => (machine.isOn ? 0.8 : 0),
  run(world, dice) {
    const point = dice.pick(cutPoints);
    world.machine.armCut(point);
    return `the program is about to die within a step: ${point}`;
  },
};

const start: Action = {
  name: 'start',
  weight: ({ machine }) => (machine.isOn ? 0 : 15),
  run(world, dice) {
    if (world.machine.isOn) return 'the kiosk is on already';
    const wall = dice.pick(starts);
    world.wall.start(wall, dice.pick(synchronized));
    world.start();
    return `the kiosk starts, its clock ${wall}`;
  },
};

const setClock: Action = {
  name: 'set-clock',
  weight: () => 0.3,
  run(world) {
    world.wall.synchronize();
    return 'the network sets the clock';
  },
};

const unplug: Action = {
  name: 'unplug',
  weight: ({ cabinet }) => (cabinet.boards.some(({ isPlugged }) => isPlugged) ? 0.6 : 0),
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

const linkDown: Action = {
  name: 'link-down',
  weight: ({ network }: World) => (network.isUp ? 0.3 : 0),
  run(world) {
    world.network.cut();
    return 'the link is cut';
  },
};

const linkUp: Action = {
  name: 'link-up',
  weight: ({ network }: World) => (network.isUp ? 0 : 2),
  run(world) {
    world.network.mend();
    return 'the link is mended';
  },
};

/** What breaks and is mended. */
export const faults: readonly Action[] = [crash, cutWithin, start, setClock, unplug, plug, linkDown, linkUp];
