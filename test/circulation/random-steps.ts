import fc from 'fast-check';
import { defaultPolicy, emptyDirectory } from '../../src/circulation/directory.js';
import type { Input } from '../../src/circulation/input.js';
import type { Door, PassHolder } from '../../src/circulation/state.js';
import { boardId, holdId, type ItemId, type LockerNo, visitNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { act, checked, grant, staffShown } from './every-pair.js';
import {
  book,
  choose,
  door,
  li,
  lockers,
  otherBook,
  type Player,
  pass,
  show,
  strangeBook,
  wang,
} from './player.js';

/** What a random world may do next: an input, some that belong together, time passing, the process dying. */
export type Step =
  | Input
  | { readonly kind: 'together'; readonly inputs: readonly Input[] }
  /** The door of whoever is at one moves; perhaps an item is shown while it is open, as in a count. */
  | { readonly kind: 'at-door'; readonly moves: readonly Move[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'journal'; readonly works: boolean }
  | { readonly kind: 'board-back'; readonly ready: Ready; readonly remembers: 'itself' | 'shut' | 'opened' }
  /** Perhaps staff restore a locker then. */
  | { readonly kind: 'restart'; readonly restored: LockerNo | null };

type Move = 'open' | 'closed' | { readonly found: ItemId };

type Ready = Extract<Input, { kind: 'board-ready' }>;

/** Two boards with two lockers each. */
export const cabinet = [
  { board: boardId('left'), lockers: lockers.slice(0, 2) },
  { board: boardId('right'), lockers: lockers.slice(2) },
];

const locker = fc.constantFrom(...lockers);
const item = fc.constantFrom(book, otherBook, strangeBook);
const childLi: PassHolder = { ...li, age: 'child' };
const holder = fc.constantFrom(wang, wang, li, childLi, grant(null), grant(otherBook));
const doorState = fc.constantFrom<Door[]>('closed', 'closed', 'closed', 'closed', 'open', 'open', 'unknown');
const sensed = fc.constantFrom('present', 'absent', 'unknown' as const);
const lastPulse = fc.option(fc.record({ tag: fc.integer({ min: 1, max: 9 }), locker, opened: fc.boolean() }));
const board = fc.constantFrom(...cabinet);
const ready = fc
  .record({ board, doors: fc.array(doorState, { minLength: 2, maxLength: 2 }), lastPulse })
  .map(({ board: { board, lockers }, doors, lastPulse }): Ready => {
    const known = new Map(lockers.map((locker, index) => [locker, doors[index] ?? ('unknown' as const)]));
    return { kind: 'board-ready', board, doors: known, items: new Map(), chattering: new Set(), lastPulse };
  });

const always = <Kind extends string>(kind: Kind) => fc.constant(kind);
const together = (...inputs: Input[]): Step => ({ kind: 'together', inputs });

/** What residents do; some of it is what only one who knows her way would do. */
const residents: readonly (readonly [weight: number, fc.Arbitrary<Step>])[] = [
  [5, fc.tuple(holder, locker).map(([who, at]) => together(pass(who), choose(at)))],
  [3, fc.record({ kind: always('pass-shown'), holder })],
  [4, fc.record({ kind: always('locker-chosen'), locker })],
  [4, fc.record({ kind: always('item-shown'), item })],
  [3, fc.constantFrom(wang, li).map(atPin)],
  [2, fc.boolean().map(checked)],
  [4, fc.constant({ kind: 'door-stuck' })],
  [2, fc.constantFrom({ kind: 'another-wanted' }, { kind: 'return-chosen' }, { kind: 'cancelled' })],
  [1, fc.record({ kind: always('renewal-chosen'), item })],
  [1, fc.record({ kind: always('not-taken'), locker })],
  [2, fc.tuple(fc.constantFrom(wang, li), locker).map(notTaken)],
  [1, fc.constant({ kind: 'damage-reported', damage: 'wet' })],
];

function notTaken([who, locker]: readonly [PassHolder, LockerNo]): Step {
  return together(pass(who), { kind: 'not-taken', locker });
}

function atPin({ patron, age }: PassHolder): Step {
  return together({ kind: 'card-shown', owner: { patron, age } }, { kind: 'pin-entered', pin: '4711' });
}

const staffAct = fc.oneof(
  fc.record({ do: fc.constantFrom('restock', 'count', 'menu', 'confirm', 'found-nothing' as const) }),
  fc.record({ do: fc.constantFrom('open', 'withdraw', 'withhold', 'restore', 'restore' as const), locker }),
);
const staff: typeof residents = [
  [2, staffAct.map((what) => together(staffShown, act(what)))],
  [3, staffAct.map(act)],
  [1, item.map((item) => together(staffShown, act({ do: 'restock' }), { kind: 'item-shown', item }))],
  [1, fc.constant(together(staffShown, act({ do: 'open-all' }), confirm(), confirm()))],
];

function confirm(): Input {
  return act({ do: 'confirm' });
}

const until = fc.integer({ min: 0, max: 900_000 }).map((ms) => epochMs(Date.UTC(2026, 10, 23, 6) + ms));
const holds = fc
  .array(fc.record({ item, patron: fc.constantFrom(wang.patron, li.patron), until }), { maxLength: 2 })
  .map((holds) => new Map(holds.map((hold, index) => [holdId(`h-${index}`), hold])));
/** The catalogue has sent no books, or some. */
const items = fc
  .option(fc.subarray([book, otherBook, strangeBook]))
  .map(
    (known) => known && new Map(known.map((item) => [item, { loanClass: null, adultsOnly: item === book }])),
  );
const directory = fc.record({
  items,
  wanted: fc.subarray([book]).map((list) => new Set(list)),
  blocked: fc.constantFrom([], [], [wang.patron]).map((list) => new Set(list)),
  revoked: fc.constant(emptyDirectory.revoked),
});
const policy = fc.integer({ min: 1, max: 3 }).map((loansPerPatron) => ({ ...defaultPolicy, loansPerPatron }));
const returns = fc.tuple(item, fc.integer({ min: 1, max: 9 }).map(visitNo)).map((entry) => new Map([entry]));
const catalogue: typeof residents = [
  [1, fc.record({ kind: always('online-changed'), online: fc.boolean() })],
  [1, fc.record({ kind: always('holds-updated'), holds })],
  [1, fc.record({ kind: always('directory-updated'), directory })],
  [1, fc.record({ kind: always('policy-updated'), policy })],
  [1, fc.record({ kind: always('returns-updated'), returns })],
];

const moves = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(['open', 'closed'] as const, ['open'] as const, ['closed'] as const),
  },
  { weight: 1, arbitrary: item.map((found) => ['open', { found }, 'closed'] as const) },
);
const cabinetNews: typeof residents = [
  [12, fc.record({ kind: always('at-door'), moves })],
  [5, fc.record({ kind: always('door'), locker, door: doorState })],
  [4, fc.record({ kind: always('item-sensed'), locker, item: sensed })],
  [1, fc.record({ kind: always('switch-chatters'), locker, chatters: fc.boolean() })],
  [1, board.map(({ board }) => ({ kind: 'board-lost', board }))],
  [
    3,
    fc.record({
      kind: always('board-back'),
      ready,
      remembers: fc.constantFrom('itself', 'shut', 'opened' as const),
    }),
  ],
  [
    1,
    fc.record({ kind: always('lock-refused'), locker, visit: fc.integer({ min: 1, max: 9 }).map(visitNo) }),
  ],
];

const shell: typeof residents = [
  [5, fc.record({ kind: always('wait'), ms: fc.integer({ min: 1, max: 6_000 }) })],
  [2, fc.record({ kind: always('wait'), ms: fc.integer({ min: 1, max: 130_000 }) })],
  [1, fc.record({ kind: always('restart'), restored: fc.option(locker, { nil: null }) })],
  [1, fc.record({ kind: always('journal'), works: fc.boolean() })],
  [1, fc.constant({ kind: 'journal', works: true })],
];

/** Inputs from the catalogue before the run begins. */
export const catalogueInputs: fc.Arbitrary<readonly Step[]> = fc.array(oneOf(catalogue), { maxLength: 4 });

/** Any of them, the frequent ones more often. */
export const step = oneOf([residents, staff, catalogue, cabinetNews, shell].flat());

function oneOf(choices: typeof residents): fc.Arbitrary<Step> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** Plays one step. */
export function take(kiosk: Player, next: Step): void {
  switch (next.kind) {
    case 'wait':
      kiosk.wait(next.ms);
      return;
    case 'together':
      kiosk.play(...next.inputs);
      return;
    case 'at-door':
      for (const move of next.moves) atDoor(kiosk, move);
      return;
    case 'journal':
      kiosk.journal(next.works);
      return;
    case 'board-back':
      kiosk.play(remembering(kiosk, next));
      return;
    case 'restart':
      kiosk.restart(...(next.restored ? [{ type: 'locker-restored', locker: next.restored } as const] : []));
      return;
    default:
      kiosk.play(next);
  }
}

function atDoor(kiosk: Player, move: Move): void {
  const { visit } = kiosk.state;
  if (visit.kind !== 'opening' && visit.kind !== 'open') return;
  kiosk.play(typeof move === 'string' ? door(visit.locker, move) : show(move.found));
}

/** A board that is ready; where it shall remember the truth, the last pulse that it was told to give. */
function remembering(
  { effects }: Player,
  { ready, remembers }: Extract<Step, { kind: 'board-back' }>,
): Ready {
  const unlock = effects.findLast((effect) => ready.doors.has(effect.locker));
  if (remembers === 'itself' || !unlock) return ready;
  const { visit: tag, locker } = unlock;
  return { ...ready, lastPulse: { tag, locker, opened: remembers === 'opened' } };
}
