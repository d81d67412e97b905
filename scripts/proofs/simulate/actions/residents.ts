import type { Refusal } from '../../../../src/circulation/refusal.js';
import type { Visit } from '../../../../src/circulation/state.js';
import type { ItemId, LockerNo } from '../../../../src/kernel/ids.js';
import type { Random } from '../../support/random.js';
import { type Action, action, fault, when } from '../action.js';
import { passAges } from '../phone.js';
import { rightPin, type World } from '../world.js';

/** How much more likely residents are to do what the screen asks for. */
const expected = 12;
const unexpected = 1;

/** Whether a visit of one of these kinds is under way; never while the program does not run. */
export const isAt =
  (...kinds: readonly Visit['kind'][]) =>
  ({ machine }: World) =>
    machine.isOn && kinds.includes(machine.state.visit.kind);

const showPass = action(
  'show-pass',
  when(expected, isAt('idle', 'identifying', 'farewell'), unexpected),
  (world, dice) => {
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
);

/** A library card: the first patrons have one. */
const showCard = action('show-card', when(4, isAt('idle', 'identifying'), unexpected / 2), (world, dice) => {
  const patron = dice.chance(0.9) ? dice.pick(world.actors.patrons.slice(0, 2)) : null;
  world.submit({ kind: 'card-shown', owner: patron && { patron, age: 'adult' } });
  return patron ? 'a library card is shown' : 'an unknown library card is shown';
});

const chooseLocker = action(
  'choose-locker',
  (world) => (isAt('choosing')(world) ? expected * 2 : isAt('idle', 'farewell')(world) ? 4 : unexpected),
  (world, dice) => {
    const locker = someLocker(world, dice);
    world.submit({ kind: 'locker-chosen', locker });
    return `somebody chooses locker ${locker}`;
  },
);

/** A locker, mostly one with a book in it. */
export function someLocker({ actors, machine }: World, dice: Random): LockerNo {
  const stocked = machine.isOn
    ? actors.lockers.filter((each) => machine.state.ledger.lockers.get(each)?.item)
    : [];
  return dice.pick(stocked.length > 0 && dice.chance(0.9) ? stocked : actors.lockers);
}

/** Brings a book back: her own or another’s, or one that should be here. */
const showItem = action(
  'show-item',
  when(expected / 2, isAt('idle', 'farewell', 'choosing'), unexpected),
  (world, dice) => {
    const { outside } = world.people;
    const hers = dice.chance(0.7) ? booksOfHers(world) : [];
    const item = dice.pick(
      hers.length > 0 ? hers : outside.length > 0 && dice.chance(0.9) ? outside : world.actors.items,
    );
    world.submit({ kind: 'item-shown', item });
    return `book ${item} is shown`;
  },
);

function booksOfHers({ machine }: World): readonly ItemId[] {
  if (!machine.isOn) return [];
  const { visit, ledger } = machine.state;
  if (visit.kind !== 'choosing' && visit.kind !== 'asking') return [];
  return [...ledger.loans].filter(([, { patron }]) => patron === visit.holder.patron).map(([item]) => item);
}

const refusals: readonly Refusal[] = ['pass-unreadable', 'code-foreign', 'code-is-payment', 'code-is-title'];

const showNonsense = action('show-nonsense', unexpected, (world, dice) => {
  const refusal = dice.pick(refusals);
  world.submit({ kind: 'scan-refused', refusal });
  return `something is shown that is refused: ${refusal}`;
});

/** What residents do before the reader and the screen. */
export const residents: readonly Action[] = [
  showPass,
  action('show-grant', when(3, isAt('idle', 'identifying', 'farewell'), unexpected), (world, dice) => {
    const patron = dice.pick(world.actors.patrons.slice(0, -1));
    const number = dice.between(0x10000, 0x10008);
    const item = number % 2 === 0 ? null : dice.pick(world.actors.items);
    const age = dice.chance(0.9) ? 'fresh' : dice.pick(passAges);
    world.showPass({ kind: 'grant', patron, item }, number, age);
    return `the one-loan pass ${number} is shown (${age})`;
  }),
  showCard,
  action('enter-pin', when(expected * 2, isAt('pin'), unexpected / 4), (world, dice) => {
    const isRight = dice.chance(0.6);
    world.submit({ kind: 'pin-entered', pin: isRight ? rightPin : '000000' });
    return `a ${isRight ? 'right' : 'wrong'} PIN is entered`;
  }),
  chooseLocker,
  showItem,
  action(
    'return-or-renew',
    (world) => (isAt('asking')(world) ? expected * 2 : isAt('choosing')(world) ? 3 : unexpected / 2),
    (world, dice) => {
      if (dice.chance(0.5)) {
        world.submit({ kind: 'return-chosen' });
        return 'somebody chooses to bring the book back';
      }
      const item = dice.pick(world.actors.items);
      world.submit({ kind: 'renewal-chosen', item });
      return `somebody chooses to keep book ${item} longer`;
    },
  ),
  action(
    'afterwards',
    (world) => (isAt('farewell')(world) ? 4 : isAt('open', 'choosing')(world) ? 1 : unexpected / 2),
    (world, dice) => {
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
  ),
  showNonsense,
  action('tap-cancel', unexpected, (world) => {
    world.submit({ kind: 'cancelled' });
    return 'somebody taps “cancel”';
  }),
  action('tap-stuck', when(expected / 3, isAt('opening'), unexpected / 2), (world) => {
    world.submit({ kind: 'door-stuck' });
    return 'somebody taps “it does not open”';
  }),
  fault('hands', 'flood', unexpected / 4, (world, dice) => {
    const scans = dice.between(10, 40);
    for (let scan = 0; scan < scans; scan += 1)
      dice.pick([showPass, showItem, showNonsense, chooseLocker, showCard]).run(world, dice);
    return `${scans} codes are shown at once`;
  }),
];
