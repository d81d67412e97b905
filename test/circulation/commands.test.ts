import t from 'tap';
import type { Answer, Effect, Input } from '../../src/circulation/input.js';
import type { Order } from '../../src/circulation/order.js';
import { commandId, holdId, lockerNo, passId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { commandInput, staff } from './every-pair.js';
import {
  book,
  choose,
  door,
  li,
  otherBook,
  type Player,
  pass,
  player,
  ready,
  strangeBook,
  wang,
} from './player.js';

const by = staff;
const id = commandId('00000000000000c0');
const hour = 3_600_000;
const begin = Date.UTC(2026, 10, 23, 6);

/** A kiosk that keeps what it answers, and whatever else it does. */
function listening(kiosk: Player = player()) {
  const effects: Effect[] = [];
  kiosk.watch((decision) => void effects.push(...decision.effects));
  const answers = () =>
    effects
      .filter((effect): effect is Answer => effect.kind === 'answer')
      .map(({ answer, reason }) => (reason === null ? answer : `${answer} ${reason}`));
  return { kiosk, answers, unlocks: () => effects.filter(({ kind }) => kind === 'unlock').length, effects };
}

/** What becomes of one order. */
function ordered(order: Order, ...before: Input[]) {
  const listened = listening(player().play(...before));
  listened.kiosk.play(commandInput(order));
  return listened;
}

const open: Order = { kind: 'open', locker: lockerNo(1), by, reason: 'help' };

t.test('a door that is ordered open opens once, however often the command arrives', async (t) => {
  const { kiosk, answers, unlocks } = ordered(open);
  kiosk.play(commandInput(open), commandInput(open));
  t.strictSame([unlocks(), answers()], [1, ['accepted', 'accepted', 'accepted']]);
  kiosk.play(door(1, 'open'), door(1, 'closed'), commandInput(open));
  t.strictSame([unlocks(), answers().slice(3)], [1, ['done', 'done']]);
  t.strictSame(kiosk.eventTypes(), [
    'command-taken',
    'access-intended',
    'access-opened',
    'access-completed',
    'command-settled',
  ]);
  kiosk.wait(20_000);
  t.equal(kiosk.state.visit.kind, 'idle', 'nobody is given the work of staff');
});

t.test('a command that was taken before a power cut is not carried out after it', async (t) => {
  const { kiosk } = ordered(open);
  const after = listening(kiosk.restart().play(ready()));
  after.kiosk.play(commandInput(open));
  t.strictSame(
    [after.unlocks(), after.answers()],
    [0, ['refused outcome-unknown']],
    'the board has forgotten',
  );
});

t.test('an order that cannot be carried out is refused, and stays refused', async (t) => {
  const whys: readonly (readonly [string, Order, ...Input[]])[] = [
    ['refused busy', open, pass(wang)],
    ['refused locker-unavailable', { ...open, locker: lockerNo(77) }],
    ['refused locker-unavailable', open, door(1, 'open')],
    ['refused locker-unavailable', { kind: 'withhold', locker: lockerNo(77), by }],
    ['refused item-not-here', { kind: 'withdraw', item: strangeBook, by }],
    [
      'refused item-not-here',
      { kind: 'hold', hold: holdId('h'), item: strangeBook, patron: li.patron, until: epochMs(9e12) },
    ],
    ['refused hold-unknown', { kind: 'release', hold: holdId('h') }],
    ['refused busy', { kind: 'restart', by }, pass(wang), choose(1), door(1, 'open')],
    ['refused busy', { kind: 'lend', patron: li.patron, age: 'adult', item: null }, pass(wang)],
    ['refused item-not-here', { kind: 'lend', patron: li.patron, age: 'adult', item: strangeBook }],
  ];
  for (const [why, order, ...before] of whys) {
    const { kiosk, answers, unlocks } = ordered(order, ...before);
    const already = unlocks();
    t.strictSame(answers(), [why], JSON.stringify(order));
    kiosk.play(door(1, 'closed'), { kind: 'cancelled' }).wait(900_000).play(commandInput(order));
    t.strictSame([answers().at(-1), unlocks()], [why, already], 'also when it could be by now');
  }
});

t.test('lockers are taken out of service and put back, and a book is taken off the shelf', async (t) => {
  const { kiosk, answers } = ordered({ kind: 'withhold', locker: lockerNo(1), by });
  t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { withheld: 'out-of-service' });
  kiosk.play(commandInput({ kind: 'restore', locker: lockerNo(1), by }, begin + hour, 1));
  t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { withheld: null });
  kiosk.play(commandInput({ kind: 'withdraw', item: book, by }, begin + hour, 2));
  t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { withheld: 'withdrawal', item: book });
  t.strictSame(answers(), ['done', 'done', 'done']);
  kiosk.play(
    { kind: 'staff-shown', staff },
    { kind: 'staff-acted', act: { do: 'withdraw', locker: lockerNo(1) } },
    door(1, 'open'),
    door(1, 'closed'),
  );
  t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { withheld: null, item: null }, 'once it is out');
});

t.test('a hold is placed and released by order', async (t) => {
  const hold = holdId('h-7');
  const until = epochMs(begin + 24 * hour);
  const { kiosk, answers } = ordered({ kind: 'hold', hold, item: book, patron: li.patron, until });
  kiosk.play(pass(wang), choose(1));
  t.match(kiosk.state.notice, { refusal: 'item-on-hold' });
  kiosk.play(commandInput({ kind: 'release', hold }, begin + hour, 1), choose(1));
  t.equal(kiosk.state.visit.kind, 'opening');
  t.strictSame(answers(), ['done', 'done']);
});

t.test('a resident who scanned with a phone gets the book and sees the outcome', async (t) => {
  const lend: Order = { kind: 'lend', patron: li.patron, age: 'adult', item: otherBook };
  const { kiosk, answers, unlocks } = ordered(lend);
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
  kiosk.play(door(2, 'open'), door(2, 'closed'));
  t.strictSame([answers(), unlocks()], [['accepted', 'done'], 1]);
  t.match(kiosk.state.ledger.loans.get(otherBook), { patron: li.patron });
  kiosk.wait(60_000).play(commandInput(lend));
  t.strictSame([answers().at(-1), unlocks()], ['done', 1], 'the same command lends no second time');
});

t.test(
  'what she has shown to the reader is not lent once more by the command of the same grant',
  async (t) => {
    const shown = { until: epochMs(begin + hour), item: null, spent: false, command: null };
    const holder = { ...li, pass: passId(id), grant: shown };
    const lend: Order = { kind: 'lend', patron: li.patron, age: 'adult', item: null };
    const before = [pass(holder), choose(2), door(2, 'open'), door(2, 'closed')];
    const { kiosk, answers, unlocks } = ordered(lend, ...before);
    t.strictSame([answers(), unlocks()], [['refused pass-used'], 0]);
    t.equal(kiosk.state.ledger.loans.size, 1);
  },
);

t.test('a telephone may also come after the book was chosen on the screen, or before', async (t) => {
  const lend: Order = { kind: 'lend', patron: li.patron, age: 'adult', item: null };
  t.match(ordered(lend, choose(1)).kiosk.state.visit, { kind: 'opening', locker: 1 });
  const { kiosk, answers } = ordered(lend);
  t.equal(kiosk.state.visit.kind, 'choosing');
  kiosk.play(choose(2)).wait(60_000);
  t.strictSame(answers(), ['accepted', 'refused never-opened'], 'nobody opened the door');
});

t.test(
  'a command whose time is over is refused, by the calendar or by what the catalogue said since',
  async (t) => {
    const restart: Order = { kind: 'restart', by };
    t.strictSame(
      ordered(open)
        .kiosk.play(commandInput(restart, begin, 1))
        .eventTypes(),
      ['command-taken', 'access-intended'],
    );
    const late = listening(player());
    late.kiosk.play(commandInput(restart, begin, 1));
    t.strictSame([late.answers(), late.kiosk.eventTypes()], [['refused command-expired'], []]);
    const behind = listening(player({ trust: 'floor' }));
    const input = commandInput({ kind: 'withhold', locker: lockerNo(1), by }, begin + 9 * hour, 2);
    if (input.kind !== 'command-received') throw new Error('unreachable');
    const issuedAt = epochMs(begin + 8 * hour);
    behind.kiosk.play(
      { ...input, command: { ...input.command, issuedAt } },
      commandInput(restart, begin + hour, 3),
    );
    t.strictSame(
      behind.answers(),
      ['done', 'refused command-expired'],
      'the catalogue’s own clock is past it',
    );
  },
);

t.test('a restart is ordered once, after it was answered', async (t) => {
  const { kiosk, effects } = ordered({ kind: 'restart', by });
  t.strictSame(
    effects.map(({ kind }) => kind),
    ['answer', 'restart'],
  );
  const again = listening(kiosk.restart());
  again.kiosk.play(commandInput({ kind: 'restart', by }));
  t.strictSame([again.answers(), again.effects.length], [['done'], 1]);
});

t.test(
  'nothing is ordered of a kiosk whose journal cannot be written, and not too much of any',
  async (t) => {
    const failed = listening(player().play({ kind: 'journal-failed' }));
    failed.kiosk.play(commandInput(open));
    t.strictSame([failed.answers(), failed.unlocks()], [['refused out-of-service'], 0]);
    const { kiosk, answers } = listening();
    const restore: Order = { kind: 'restore', locker: lockerNo(1), by };
    for (let n = 0; n <= limits.commandsLength; n += 1) kiosk.play(commandInput(restore, begin + hour, n));
    t.equal(answers().filter((said) => said === 'done').length, limits.commandsLength);
    t.equal(answers().at(-1), 'refused too-many-commands');
  },
);

t.test('commands are forgotten long after their time', async (t) => {
  const { kiosk } = ordered({ kind: 'restore', locker: lockerNo(1), by });
  const input = commandInput({ kind: 'restore', locker: lockerNo(1), by }, begin + 9 * hour, 2);
  if (input.kind !== 'command-received') throw new Error('unreachable');
  kiosk.play({ ...input, command: { ...input.command, issuedAt: epochMs(begin + 8 * hour) } });
  t.notOk(kiosk.state.ledger.commands.has(id));
  t.equal(kiosk.state.ledger.commands.size, 1);
});
