import type { Refusal } from '../../../src/circulation/state.js';
import { itemId, type LockerNo, passId } from '../../../src/kernel/ids.js';
import type { Random } from '../../random.js';
import type { Action } from '../action.js';
import type { World } from '../world.js';

/** How much more likely residents are to do what the screen asks for. */
const expected = 12;
const unexpected = 1;

const visitKind = ({ machine }: World) => (machine.isOn ? machine.state.visit.kind : 'off');

/** Shows a pass: to begin, or because a book was chosen. */
const showPass: Action = {
  name: 'show-pass',
  weight: (world) => (['idle', 'identifying', 'farewell'].includes(visitKind(world)) ? expected : unexpected),
  run(world, dice) {
    const { patrons } = world.cast;
    const who = dice.between(0, patrons.length - 1);
    const patron = dice.pick(patrons.slice(who, who + 1));
    const pass = passId(dice.between(1, 0xffff).toString(16).padStart(16, '0'));
    world.submit({ kind: 'pass-shown', holder: { patron, pass } });
    return `resident ${who + 1} shows her pass`;
  },
};

/** Touches a book on the screen, mostly one that is there. */
const chooseLocker: Action = {
  name: 'choose-locker',
  weight: (world) =>
    ({ choosing: expected * 2, idle: 4, farewell: 4 })[visitKind(world) as string] ?? unexpected,
  run(world, dice) {
    const locker = someLocker(world, dice);
    world.submit({ kind: 'locker-chosen', locker });
    return `somebody chooses locker ${locker}`;
  },
};

function someLocker({ cast, machine }: World, dice: Random): LockerNo {
  const stocked = machine.isOn
    ? cast.lockers.filter((each) => machine.state.ledger.lockers.get(each)?.item)
    : [];
  return dice.pick(stocked.length > 0 && dice.chance(0.9) ? stocked : cast.lockers);
}

/** Brings a book back: her own or another’s, one that should be here, or one nobody knows. */
const showItem: Action = {
  name: 'show-item',
  weight: (world) =>
    ['idle', 'farewell', 'choosing'].includes(visitKind(world)) ? expected / 2 : unexpected,
  run(world, dice) {
    const { outside } = world.people;
    const isUsual = outside.length > 0 && dice.chance(0.9);
    const item = isUsual ? dice.pick(outside) : dice.pick([...world.cast.items, itemId('39999900000001')]);
    world.submit({ kind: 'item-shown', item });
    return `book ${item} is shown`;
  },
};

const refusals: readonly Refusal[] = [
  'pass-forged',
  'pass-expired',
  'code-foreign',
  'code-is-payment',
  'code-is-title',
];

/** Shows what the edge refuses by itself. */
const showNonsense: Action = {
  name: 'show-nonsense',
  weight: () => unexpected,
  run(world, dice) {
    const refusal = dice.pick(refusals);
    world.submit({ kind: 'scan-refused', refusal });
    return `something is shown that is refused: ${refusal}`;
  },
};

const tapCancel: Action = {
  name: 'tap-cancel',
  weight: () => unexpected,
  run(world) {
    world.submit({ kind: 'cancelled' });
    return 'somebody taps “cancel”';
  },
};

const tapStuck: Action = {
  name: 'tap-stuck',
  weight: (world) => (visitKind(world) === 'opening' ? expected / 3 : unexpected / 2),
  run(world) {
    world.submit({ kind: 'door-stuck' });
    return 'somebody taps “it does not open”';
  },
};

/** A reader gone mad, or a child: many scans at once. */
const flood: Action = {
  name: 'flood',
  weight: () => unexpected / 4,
  run(world, dice) {
    const scans = dice.between(10, 40);
    for (let scan = 0; scan < scans; scan += 1)
      dice.pick([showPass, showItem, showNonsense, chooseLocker]).run(world, dice);
    return `${scans} codes are shown at once`;
  },
};

/** What residents do before the reader and the screen. */
export const residents: readonly Action[] = [
  showPass,
  chooseLocker,
  showItem,
  showNonsense,
  tapCancel,
  tapStuck,
  flood,
];
