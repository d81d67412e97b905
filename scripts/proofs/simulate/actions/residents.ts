import type { Refusal } from '../../../../src/circulation/refusal.js';
import type { ItemId, LockerNo } from '../../../../src/kernel/ids.js';
import type { Random } from '../../support/random.js';
import type { Action } from '../action.js';
import { passAges } from '../phone.js';
import { rightPin, type World } from '../world.js';

/** How much more likely residents are to do what the screen asks for. */
const expected = 12;
const unexpected = 1;

/** The visit at the kiosk; `off` while the program does not run. */
export const visitKind = ({ machine }: World) => (machine.isOn ? machine.state.visit.kind : 'off');

const isAt = (world: World, ...kinds: readonly ReturnType<typeof visitKind>[]) =>
  kinds.includes(visitKind(world));

/** Shows a pass: to begin, or because a book was chosen. */
const showPass: Action = {
  name: 'show-pass',
  weight: (world) => (isAt(world, 'idle', 'identifying', 'farewell') ? expected : unexpected),
  run(world, dice) {
    const who = dice.between(1, world.actors.patrons.length);
    const patron = dice.pick(world.actors.patrons.slice(who - 1, who));
    const age = dice.chance(0.75) ? 'fresh' : dice.pick(passAges);
    // The last of them is a child.
    const isChild = who === world.actors.patrons.length;
    world.showPass(
      { kind: 'resident', patron, age: isChild ? 'child' : 'adult' },
      dice.between(1, 0xffff),
      age,
    );
    return `resident ${who} shows her pass (${age})`;
  },
};

/** A pass that is good for one loan, or was. */
const showGrant: Action = {
  name: 'show-grant',
  weight: (world) => (isAt(world, 'idle', 'identifying', 'farewell') ? 3 : unexpected),
  run(world, dice) {
    const patron = dice.pick(world.actors.patrons.slice(0, -1));
    const number = dice.between(0x10000, 0x10008);
    const item = number % 2 === 0 ? null : dice.pick(world.actors.items);
    const age = dice.chance(0.9) ? 'fresh' : dice.pick(passAges);
    world.showPass({ kind: 'grant', patron, item }, number, age);
    return `the one-loan pass ${number} is shown (${age})`;
  },
};

/** A library card: the first patrons have one. */
const showCard: Action = {
  name: 'show-card',
  weight: (world) => (isAt(world, 'idle', 'identifying') ? 4 : unexpected / 2),
  run(world, dice) {
    const patron = dice.chance(0.9) ? dice.pick(world.actors.patrons.slice(0, 2)) : null;
    world.submit({ kind: 'card-shown', owner: patron && { patron, age: 'adult' } });
    return patron ? 'a library card is shown' : 'an unknown library card is shown';
  },
};

const enterPin: Action = {
  name: 'enter-pin',
  weight: (world) => (isAt(world, 'pin') ? expected * 2 : unexpected / 4),
  run(world, dice) {
    const isRight = dice.chance(0.6);
    world.submit({ kind: 'pin-entered', pin: isRight ? rightPin : '000000' });
    return `a ${isRight ? 'right' : 'wrong'} PIN is entered`;
  },
};

/** Touches a book on the screen, mostly one that is there. */
const chooseLocker: Action = {
  name: 'choose-locker',
  weight: (world) =>
    isAt(world, 'choosing') ? expected * 2 : isAt(world, 'idle', 'farewell') ? 4 : unexpected,
  run(world, dice) {
    const locker = someLocker(world, dice);
    world.submit({ kind: 'locker-chosen', locker });
    return `somebody chooses locker ${locker}`;
  },
};

/** A locker, mostly one with a book in it. */
export function someLocker({ actors, machine }: World, dice: Random): LockerNo {
  const stocked = machine.isOn
    ? actors.lockers.filter((each) => machine.state.ledger.lockers.get(each)?.item)
    : [];
  return dice.pick(stocked.length > 0 && dice.chance(0.9) ? stocked : actors.lockers);
}

/** Brings a book back: her own or another’s, or one that should be here. */
const showItem: Action = {
  name: 'show-item',
  weight: (world) => (isAt(world, 'idle', 'farewell', 'choosing') ? expected / 2 : unexpected),
  run(world, dice) {
    const { outside } = world.people;
    const hers = dice.chance(0.7) ? booksOfHers(world) : [];
    const item = dice.pick(
      hers.length > 0 ? hers : outside.length > 0 && dice.chance(0.9) ? outside : world.actors.items,
    );
    world.submit({ kind: 'item-shown', item });
    return `book ${item} is shown`;
  },
};

/** The books that whoever showed her pass has at home. */
function booksOfHers({ machine }: World): readonly ItemId[] {
  if (!machine.isOn) return [];
  const { visit, ledger } = machine.state;
  if (visit.kind !== 'choosing' && visit.kind !== 'asking') return [];
  return [...ledger.loans].filter(([, { patron }]) => patron === visit.holder.patron).map(([item]) => item);
}

/** Of her two choices with a book of hers in hand. */
const returnOrRenew: Action = {
  name: 'return-or-renew',
  weight: (world) => (isAt(world, 'asking') ? expected * 2 : isAt(world, 'choosing') ? 3 : unexpected / 2),
  run(world, dice) {
    if (dice.chance(0.5)) {
      world.submit({ kind: 'return-chosen' });
      return 'somebody chooses to bring the book back';
    }
    const item = dice.pick(world.actors.items);
    world.submit({ kind: 'renewal-chosen', item });
    return `somebody chooses to keep book ${item} longer`;
  },
};

/** What the last words offer: another book, or that it was not taken, or is damaged. */
const afterwards: Action = {
  name: 'afterwards',
  weight: (world) => (isAt(world, 'farewell') ? 4 : isAt(world, 'open', 'choosing') ? 1 : unexpected / 2),
  run(world, dice) {
    const what = dice.pick(['another', 'not-taken', 'damaged'] as const);
    if (what === 'another') world.submit({ kind: 'another-wanted' });
    else if (what === 'damaged')
      world.submit({ kind: 'damage-reported', damage: dice.pick(['wet', 'torn']) });
    else {
      const visit = world.machine.isOn ? world.machine.state.visit : null;
      const last = visit?.kind === 'farewell' ? visit.locker : null;
      world.submit({ kind: 'not-taken', locker: last ?? dice.pick(world.actors.lockers) });
    }
    return `somebody says: ${what}`;
  },
};

const refusals: readonly Refusal[] = ['pass-unreadable', 'code-foreign', 'code-is-payment', 'code-is-title'];

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
  weight: (world) => (isAt(world, 'opening') ? expected / 3 : unexpected / 2),
  run(world) {
    world.submit({ kind: 'door-stuck' });
    return 'somebody taps “it does not open”';
  },
};

/** A reader gone mad, or a child: many scans at once. */
const flood: Action = {
  name: 'flood',
  faultGroup: 'hands',
  weight: () => unexpected / 4,
  run(world, dice) {
    const scans = dice.between(10, 40);
    for (let scan = 0; scan < scans; scan += 1)
      dice.pick([showPass, showItem, showNonsense, chooseLocker, showCard]).run(world, dice);
    return `${scans} codes are shown at once`;
  },
};

/** What residents do before the reader and the screen. */
export const residents: readonly Action[] = [
  showPass,
  showGrant,
  showCard,
  enterPin,
  chooseLocker,
  showItem,
  returnOrRenew,
  afterwards,
  showNonsense,
  tapCancel,
  tapStuck,
  flood,
];
