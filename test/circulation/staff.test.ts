import t from 'tap';
import type { Input } from '../../src/circulation/input.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import { boardId, lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { act, staff, staffShown } from './every-pair.js';
import {
  book,
  choose,
  door,
  lockers,
  lost,
  main,
  otherBook,
  type Player,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

const atWork = () => player().play(staffShown);
const refusal = ({ state }: Player) => state.notice?.refusal;
const through = (locker: number): Input[] => [door(locker, 'open'), door(locker, 'closed')];
const one = lockerNo(1);
const at = (kiosk: Player, locker: number) => lockerOf(kiosk.state.ledger, lockerNo(locker));

t.test('restocking goes from book to book, each behind a door of its own', async (t) => {
  const kiosk = atWork().play(act({ do: 'restock' }), show(strangeBook));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 3 });
  kiosk.play(...through(3));
  t.same(kiosk.eventTypes(), ['access-intended', 'access-opened', 'access-completed', 'item-stocked']);
  t.match(kiosk.events[2], { type: 'access-intended', staff, task: 'restock', item: strangeBook });
  t.match(kiosk.state.visit, { kind: 'working', work: { task: 'restock' } });
  kiosk.play(show('30106000000041' as typeof book), ...through(4));
  t.equal(refusal(kiosk.play(show('30106000000058' as typeof book))), 'cabinet-full');
});

t.test('a book in the hand of staff is where they put it, whatever was recorded', async (t) => {
  const moved = atWork().play(act({ do: 'restock' }), show(book), ...through(3));
  t.match([at(moved, 1).item, at(moved, 3).item], [null, book]);
  const lent = player().play(pass(wang), choose(1), ...through(1), { kind: 'cancelled' }, staffShown);
  lent.play(act({ do: 'restock' }), show(book), ...through(1));
  t.equal(lent.state.ledger.loans.size, 0, 'nobody owes what stands here');
});

t.test(
  'a book that went behind the next door is not recorded behind the first, which opens late',
  async (t) => {
    const kiosk = atWork()
      .play(act({ do: 'restock' }), show(strangeBook))
      .wait(2_500)
      .play({ kind: 'door-stuck' })
      .wait(2_500)
      .play({ kind: 'door-stuck' })
      .wait(2_500)
      .play({ kind: 'door-stuck' }, show(strangeBook));
    t.match(kiosk.state.visit, { kind: 'opening', locker: 4 });
    kiosk.play(...through(4), ...through(3));
    t.same([at(kiosk, 3).item, at(kiosk, 4).item], [null, strangeBook]);
    const late = atWork()
      .play(act({ do: 'restock' }), show(strangeBook))
      .wait(15_000);
    t.equal(at(late.play(...through(3)), 3).item, strangeBook, 'unless it went nowhere else');
  },
);

t.test('a book is scanned for a task only', async (t) => {
  t.equal(refusal(atWork().play(show(strangeBook))), 'choose-task');
});

t.test('a book that is withdrawn leaves its locker empty', async (t) => {
  const kiosk = atWork().play(act({ do: 'withdraw', locker: one }), ...through(1));
  t.match(kiosk.events.at(-1), { type: 'item-withdrawn', locker: 1, item: book });
  t.equal(at(kiosk, 1).item, null);
  t.equal(refusal(kiosk.play(act({ do: 'withdraw', locker: lockerNo(3) }))), 'locker-empty');
});

t.test('a count goes from door to door, and what is found is what is recorded', async (t) => {
  const kiosk = atWork().play(
    act({ do: 'count' }),
    door(1, 'open'),
    act({ do: 'found-nothing' }),
    door(1, 'closed'),
  );
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 }, 'the next door');
  kiosk.play(door(2, 'open'), show(strangeBook), door(2, 'closed'), ...through(3));
  t.match(
    [1, 2, 3].map((locker) => at(kiosk, locker).item),
    [null, strangeBook, null],
  );
  kiosk.play(door(4, 'open'), show(book), door(4, 'closed'));
  t.equal(at(kiosk, 4).item, book, 'found again');
  t.match(kiosk.state.visit, { kind: 'working', work: { task: null } }, 'all doors are done');
});

t.test('a door whose content was not entered is only opened', async (t) => {
  const kiosk = atWork().play(act({ do: 'count' }), ...through(1));
  t.notOk(kiosk.eventTypes().includes('item-counted'));
  t.equal(at(kiosk, 1).item, book);
});

t.test('a count accepts no book with a pending intent at an unknown door', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(1, 'unknown')).wait(30_000);
  kiosk.play(staffShown, act({ do: 'count' }), door(2, 'open'), show(book));
  t.equal(refusal(kiosk), 'item-already-here');
  kiosk.play(door(2, 'closed'), door(1, 'open'));
  t.same([at(kiosk, 2).item, kiosk.state.ledger.loans.has(book)], [otherBook, true]);
});

t.test('a count ends on request, after the current door', async (t) => {
  const kiosk = atWork().play(
    act({ do: 'count' }),
    door(1, 'open'),
    act({ do: 'menu' }),
    show(book),
    door(1, 'closed'),
  );
  t.match(kiosk.state.visit, { kind: 'working', work: { left: [] } });
  t.match(kiosk.events.at(-1), { type: 'item-counted', item: book });
});

t.test('a count settles every doubt, but not what staff decided, nor damage', async (t) => {
  const forced = player().play(door(1, 'open'), door(1, 'closed'));
  t.equal(at(forced, 1).withheld, 'door-forced');
  forced.play(staffShown, act({ do: 'count' }), door(1, 'open'), show(book), door(1, 'closed'));
  t.equal(at(forced, 1).withheld, null);
  const closed = atWork().play(act({ do: 'withhold', locker: one }), act({ do: 'count' }));
  closed.play(door(1, 'open'), show(book), door(1, 'closed'));
  t.equal(at(closed, 1).withheld, 'out-of-service');
});

t.test('a locker out of service is not offered until staff put it back into service', async (t) => {
  const kiosk = atWork().play(act({ do: 'withhold', locker: one }), { kind: 'cancelled' });
  t.match(kiosk.events.at(-1), { type: 'locker-withheld', reason: 'out-of-service', staff });
  t.equal(refusal(kiosk.play(choose(1))), 'locker-unavailable');
  kiosk.play(staffShown, act({ do: 'restore', locker: one }), { kind: 'cancelled' }, choose(1));
  t.equal(kiosk.state.visit.kind, 'identifying');
});

t.test('a damaged book is not lent until staff have checked it', async (t) => {
  const wet: Input = { kind: 'damage-reported', damage: 'wet' };
  for (const kiosk of [
    player().play(show(strangeBook), door(3, 'open'), wet, door(3, 'closed')),
    player().play(show(strangeBook), ...through(3), wet),
  ]) {
    t.match(kiosk.state.visit, { kind: 'farewell', outcome: { damage: 'wet' } });
    t.equal(refusal(kiosk.play(choose(3))), 'item-damaged');
    kiosk.play(staffShown, act({ do: 'restore', locker: lockerNo(3) }), { kind: 'cancelled' }, choose(3));
    t.equal(kiosk.state.visit.kind, 'identifying');
  }
});

t.test('staff open one door, also one that is withheld', async (t) => {
  const kiosk = player().play(
    door(1, 'open'),
    door(1, 'closed'),
    staffShown,
    act({ do: 'open', locker: one }),
  );
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1 });
  kiosk.play(...through(1));
  t.match(kiosk.state.visit, { kind: 'working' });
  t.equal(at(kiosk, 1).withheld, 'door-forced', 'opening proves nothing of what is inside');
});

t.test('a door that is withheld is tried for staff as often as any other', async (t) => {
  const kiosk = player().play(...through(1), staffShown, act({ do: 'open', locker: one }));
  t.match(kiosk.wait(15_000).effects, [{ strength: 'normal' }, { strength: 'normal' }, { strength: 'long' }]);
  t.match(kiosk.events.at(-1), { type: 'access-cancelled', reason: 'never-opened' });
});

t.test('all doors open only after two confirmations, one after another, and stay as they are', async (t) => {
  const kiosk = atWork().play(act({ do: 'confirm' }));
  t.equal(refusal(kiosk), 'choose-task');
  kiosk.play(act({ do: 'open-all' }), act({ do: 'confirm' }));
  t.equal(kiosk.effects.length, 0, 'one confirmation opens nothing');
  kiosk.play(act({ do: 'confirm' }));
  for (const locker of lockers) {
    t.match(kiosk.state.visit, { kind: 'opening', locker });
    kiosk.play(door(locker, 'open'));
  }
  t.equal(kiosk.effects.length, 4);
  t.match(kiosk.state.visit, { kind: 'working', work: { task: null } });
  for (const locker of lockers) t.equal(at(kiosk, locker).withheld, 'emergency');
});

t.test('in an emergency a stuck door and a lost board are passed over, and staff may stop', async (t) => {
  const boards = new Map([
    [main, lockers.slice(0, 2)],
    [boardId('right'), lockers.slice(2)],
  ]);
  const doors = new Map(lockers.slice(0, 2).map((locker) => [locker, 'closed' as const]));
  const kiosk = player({ boards, ready: false }).play(ready(null, doors), staffShown);
  kiosk.play(act({ do: 'open-all' }), act({ do: 'confirm' }), act({ do: 'confirm' }));
  kiosk.wait(limits.emergencyDoorMs);
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
  kiosk.play(door(2, 'open'));
  t.match(kiosk.state.visit, { kind: 'working' });
  const stopped = atWork().play(
    act({ do: 'open-all' }),
    act({ do: 'confirm' }),
    act({ do: 'confirm' }),
    act({ do: 'menu' }),
  );
  stopped.play(door(1, 'open'));
  t.equal(stopped.effects.length, 1, 'no further door');
});

t.test('staff get a message when no door can be opened', async (t) => {
  const dark = () => player().play(lost, staffShown);
  t.equal(refusal(dark().play(act({ do: 'count' }))), 'out-of-service');
  t.equal(refusal(dark().play(act({ do: 'restock' }), show(strangeBook))), 'out-of-service');
  const all = dark().play(act({ do: 'open-all' }), act({ do: 'confirm' }), act({ do: 'confirm' }));
  t.equal(refusal(all), 'out-of-service');
  const ajar = atWork().play(
    door(4, 'open'),
    act({ do: 'count' }),
    ...through(1),
    ...through(2),
    ...through(3),
  );
  t.match(ajar.state, { visit: { kind: 'working' }, notice: { refusal: 'locker-unavailable' } });
});

t.test('a door that does not open, or is refused, is shown and the staff session continues', async (t) => {
  const shut = atWork()
    .play(act({ do: 'open', locker: one }))
    .wait(15_000);
  t.match(shut.state, { visit: { kind: 'working' }, notice: { refusal: 'locker-stuck' } });
  t.match(shut.events.at(-1), { type: 'access-cancelled', reason: 'never-opened' });
  const kiosk = atWork().play(act({ do: 'open', locker: one }));
  const { visit } = kiosk.effects[0] ?? { visit: 0 as never };
  kiosk.play({ kind: 'lock-refused', locker: one, visit });
  t.match(kiosk.events.at(-1), { type: 'access-cancelled', reason: 'lock-refused' });
  t.match(kiosk.state.visit, { kind: 'working' });
});

t.test('a restock that the power cut into is finished when its door is known again', async (t) => {
  const kiosk = atWork()
    .play(act({ do: 'restock' }), show(strangeBook), door(3, 'open'))
    .restart()
    .play(ready());
  t.same(kiosk.eventTypes().slice(-2), ['access-completed', 'item-stocked']);
  t.equal(at(kiosk, 3).item, strangeBook);
  const unopened = atWork()
    .play(act({ do: 'restock' }), show(strangeBook))
    .restart();
  const { visit } = unopened.effects[0] ?? { visit: 0 };
  unopened.play(ready({ tag: visit, locker: lockerNo(3), opened: false })).wait(20_000);
  t.match(unopened.events.at(-1), { type: 'access-cancelled', reason: 'never-opened' });
});

t.test('staff who leave are signed out, and no other person can continue their session', async (t) => {
  const kiosk = atWork().wait(limits.staffIdleMs);
  t.equal(kiosk.state.visit.kind, 'idle');
  t.equal(refusal(kiosk.play(act({ do: 'open', locker: one }))), 'staff-only');
  t.equal(refusal(player().play(pass(wang), choose(1), act({ do: 'menu' }))), 'staff-only');
});

t.test('while staff are at work, residents are asked to wait, and the other way round', async (t) => {
  t.equal(refusal(atWork().play(pass(wang))), 'busy');
  t.equal(refusal(atWork().play(choose(1))), 'busy');
  t.equal(refusal(player().play(pass(wang), choose(1), staffShown)), 'busy');
});

t.test('a door that moved while nothing could be recorded is looked at by staff', async (t) => {
  const kiosk = player();
  const { ledger } = kiosk.state;
  kiosk.play({ kind: 'journal-failed' }).wait(1_000);
  kiosk.play(...through(3), { kind: 'journal-recovered', ledger });
  t.equal(at(kiosk, 3).withheld, 'outcome-unknown');
  t.equal(at(kiosk, 4).withheld, null);
});

t.test(
  'when the journal can be written again the kiosk lends again, by what is in the journal',
  async (t) => {
    const kiosk = player();
    const { ledger } = kiosk.state;
    kiosk.play({ kind: 'journal-failed' });
    t.equal(refusal(kiosk.play(pass(wang))), 'out-of-service');
    t.equal(refusal(kiosk.play(staffShown)), 'out-of-service');
    kiosk.play({ kind: 'journal-recovered', ledger }, pass(wang), choose(1));
    t.match(kiosk.state.visit, { kind: 'opening' });
  },
);
