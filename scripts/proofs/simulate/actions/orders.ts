import type { Order } from '../../../../src/circulation/order.js';
import { commandId, holdId, lockerNo, staffId } from '../../../../src/kernel/ids.js';
import { epochMs } from '../../../../src/kernel/time.js';
import { createRandom } from '../../support/random.js';
import type { Action } from '../action.js';
import type { World } from '../world.js';

const hour = 3_600_000;
/** Commands repeat themselves: their numbers are few, and each means the same whenever it comes. */
const numbersAtMost = 400;

/** The order with this number. */
function orderOf(number: number, { actors }: World): Order {
  const at = createRandom(number, 'order');
  const by = staffId('5555555555555555');
  const locker = at.chance(0.1)
    ? lockerNo(999)
    : at.pick(actors.settings.boards.size > 0 ? lockersOf(actors) : []);
  switch (at.pick(['withhold', 'restore', 'restore', 'release', 'absent'] as const)) {
    case 'withhold':
      return { kind: 'withhold', locker, by };
    case 'restore':
      return { kind: 'restore', locker, by };
    case 'release':
      return { kind: 'release', hold: holdId(`never-placed-${number}`) };
    case 'absent':
      return { kind: 'open', locker: lockerNo(999), by, reason: 'inspection' };
  }
}

const lockersOf = ({ settings }: World['actors']) => [...settings.boards.values()].flat();

/** The catalogue orders something, perhaps what it has ordered before, and perhaps too late. */
const order: Action = {
  name: 'order',
  weight: ({ machine }) => (machine.isOn ? 0.6 : 0),
  run(world, dice) {
    const number = dice.between(1, numbersAtMost);
    const issuedAt = epochMs(Math.floor(world.wall.trueMs / (12 * hour)) * 12 * hour);
    const isLate = dice.chance(0.15);
    const expiresAt = epochMs(isLate ? issuedAt + 1 : issuedAt + 24 * hour);
    // A command is what it is: the same id is never given to another.
    const id = (issuedAt / hour) * 1_000 + number * 2 + Number(isLate);
    const command = commandId(Math.round(id).toString(16).padStart(16, '0'));
    world.submit({
      kind: 'command-received',
      command: { command, issuedAt, expiresAt, order: orderOf(number, world) },
    });
    return `the catalogue orders ${orderOf(number, world).kind}${isLate ? ', too late' : ''}`;
  },
};

/** What is ordered from afar. */
export const orders: readonly Action[] = [order];
