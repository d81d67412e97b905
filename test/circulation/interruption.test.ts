import t from 'tap';
import { lockerNo, staffId, visitNo } from '../../src/kernel/ids.js';
import {
  book,
  choose,
  door,
  doorsAll,
  lost,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

const intended = () => player().play(pass(wang), choose(1));
const withDoor1 = (state: 'open' | 'unknown') => doorsAll('closed').set(lockerNo(1), state);
const pulse = (opened: boolean) => ({ tag: 1, locker: lockerNo(1), opened });

t.test(
  'killed while the door stands open: the loan is there and the visit ends when the door closes',
  async (t) => {
    const kiosk = intended().play(door(1, 'open')).restart();
    kiosk.play(ready(pulse(true), withDoor1('open')));
    t.match(kiosk.state.visit, { kind: 'open', locker: 1, visit: 1 });
    kiosk.play(door(1, 'closed'));
    t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
  },
);

t.test('killed after the unlock, and the door is open now: the loan is recorded', async (t) => {
  const kiosk = intended()
    .restart()
    .play(ready(pulse(false), withDoor1('open')));
  t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent']);
});

t.test(
  'killed after the unlock, door opened and shut meanwhile: the board remembers, the loan is recorded',
  async (t) => {
    const kiosk = intended()
      .restart()
      .play(ready(pulse(true)));
    t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
  },
);

t.test('killed after the unlock, door not opened yet: the resident may still open it', async (t) => {
  const kiosk = intended()
    .restart()
    .play(ready(pulse(false)));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1, visit: 1 });
  kiosk.wait(14_999).play({ kind: 'door-stuck' });
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1, visit: 1 });
  t.match(kiosk.wait(1).events.at(-1), { type: 'checkout-cancelled', reason: 'never-opened' });
  t.equal(kiosk.effects.length, 1, 'and nothing is unlocked for somebody who may be gone');
});

t.test(
  'killed before the unlock went out: the board remembers an earlier pulse, nothing is lent',
  async (t) => {
    for (const tag of [0, 0x8002]) {
      const kiosk = intended()
        .restart()
        .play(ready({ tag, locker: lockerNo(1), opened: true }));
      t.match(kiosk.events.at(-1), { type: 'checkout-cancelled', reason: 'interrupted' });
    }
  },
);

t.test('the board remembers a later pulse: the outcome is unknown', async (t) => {
  const kiosk = intended()
    .restart()
    .play(ready(pulse(false), withDoor1('unknown')), pass(wang), choose(2))
    .restart()
    .play(ready({ tag: 2, locker: lockerNo(2), opened: true }));
  t.match(
    kiosk.events.filter((event) => 'visit' in event && event.visit === 1).at(-1),
    { type: 'checkout-cancelled', reason: 'outcome-unknown' },
    'the door may have opened behind a switch that was not known',
  );
  t.equal(kiosk.eventTypes().at(-1), 'checkout-completed', 'what the board does remember is told');
  for (const other of [
    { tag: 7, locker: lockerNo(1), opened: true },
    { tag: 1, locker: lockerNo(2), opened: true },
  ])
    t.equal(intended().restart().play(ready(other)).eventTypes().at(-1), 'locker-withheld');
});

t.test(
  'while the door is unknown nothing is recorded; the intent is settled when it becomes known',
  async (t) => {
    const kiosk = intended()
      .restart()
      .play(ready(pulse(true), withDoor1('unknown')));
    t.strictSame(kiosk.eventTypes(), ['checkout-intended']);
    kiosk.play(choose(2), pass(wang));
    t.equal(kiosk.effects.length, 2, 'the other lockers lend on');
    kiosk.play(door(1, 'closed'));
    t.strictSame(kiosk.eventTypes().slice(2), ['item-lent', 'checkout-completed']);
    t.match(kiosk.state.visit, { kind: 'opening', locker: 2 }, 'and nobody is disturbed by it');
  },
);

t.test('what was interrupted takes nobody else’s place: it is waited for when nobody is there', async (t) => {
  const bouncing = ready(pulse(false), withDoor1('unknown'));
  for (const [name, somebody] of Object.entries({
    'a resident who chooses': [pass(wang)],
    'a resident at another door': [pass(wang), choose(2)],
    'a book on its way back': [show(strangeBook)],
  })) {
    const kiosk = intended()
      .restart()
      .play(bouncing, ...somebody);
    const { visit } = kiosk.play(door(1, 'closed')).state;
    t.notMatch(visit, { kind: 'opening', locker: 1 }, name);
    t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { intent: { visit: 1 } }, name);
  }
  const kiosk = intended()
    .restart()
    .play(bouncing, pass(wang), choose(2), door(1, 'closed'), door(2, 'open'), door(2, 'closed'));
  t.match(kiosk.state.visit, { kind: 'farewell', locker: 2 });
  t.match(kiosk.play({ kind: 'cancelled' }).state.visit, { kind: 'opening', locker: 1, visit: 1 });
});

t.test(
  'a door that was interrupted and opens beside another visit is recorded, and so is its end',
  async (t) => {
    const kiosk = intended().restart();
    kiosk.play(ready(pulse(false), withDoor1('unknown')), pass(wang), choose(2));
    kiosk.play(door(1, 'open'), door(2, 'open'), door(1, 'closed'));
    t.match(kiosk.state.visit, { kind: 'open', locker: 2 });
    t.strictSame(kiosk.eventTypes().slice(2), ['item-lent', 'item-lent', 'checkout-completed']);
    t.match(kiosk.events.at(-1), { visit: 1 });
    t.match(kiosk.play(door(2, 'closed')).state.visit, { kind: 'farewell', locker: 2 });
  },
);

t.test('a refusal ends no visit whose lock was released before: the door may open yet', async (t) => {
  const refused = { kind: 'lock-refused', locker: lockerNo(1), visit: visitNo(1) } as const;
  const kiosk = intended().wait(5_000).play(refused);
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1, attempt: 2 });
  kiosk.play(lost).wait(10_000).play(refused);
  t.strictSame(kiosk.eventTypes(), ['checkout-intended']);
  kiosk.play(ready(pulse(true)));
  t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
});

t.test(
  'the board lost in the middle of an unlock: said to be unknown, settled when it is back',
  async (t) => {
    const kiosk = intended().play(lost).wait(15_000);
    t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'outcome-unknown' } });
    t.strictSame(kiosk.eventTypes(), ['checkout-intended'], 'no outcome is invented');
    kiosk.wait(8_000).play(ready(pulse(true)));
    t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
  },
);

t.test(
  'a door that opened and closed while the journal could not be written is recorded afterwards',
  async (t) => {
    const kiosk = intended()
      .restart()
      .play(ready(pulse(false)));
    kiosk.journal(false).play(door(1, 'open'), door(1, 'closed')).journal(true).wait(20_000);
    t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
  },
);

t.test('a released door reported shut once more is no news', async (t) => {
  const kiosk = intended().play(door(1, 'closed'));
  t.match(kiosk.state.visit, { kind: 'opening' });
  t.strictSame(kiosk.eventTypes(), ['checkout-intended']);
});

t.test('a return killed with its door open is ended by the closing door', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'), show(book));
  kiosk
    .play(door(1, 'open'))
    .restart()
    .play(ready(null, withDoor1('open')));
  t.match(kiosk.state.visit, { kind: 'open', visit: 2 });
  t.match(kiosk.play(door(1, 'closed')).events.at(-1), { type: 'item-returned', item: book });
});

t.test(
  'a door of an emergency that opened and shut behind a lost board is told when the board is back',
  async (t) => {
    const acts = ['open-all', 'confirm', 'confirm'] as const;
    const kiosk = player().play({ kind: 'staff-shown', staff: staffId('5555555555555555') });
    for (const act of acts) kiosk.play({ kind: 'staff-acted', act: { do: act } });
    const [unlock] = kiosk.effects;
    t.ok(unlock);
    kiosk.play(lost, ready({ tag: unlock?.visit ?? 0, locker: lockerNo(1), opened: true }));
    t.strictSame(kiosk.eventTypes().slice(0, 4), [
      'access-intended',
      'access-opened',
      'access-completed',
      'locker-withheld',
    ]);
  },
);

t.test(
  'a door that opened after its visit was given up, while the program was gone, is looked at',
  async (t) => {
    for (const state of ['open', 'closed'] as const) {
      const kiosk = intended().wait(600_000).restart();
      kiosk.play(ready(pulse(true), doorsAll('closed').set(lockerNo(1), state)));
      t.equal(kiosk.eventTypes().at(-1), 'locker-withheld', state);
      t.equal(kiosk.eventTypes().at(-2), 'checkout-cancelled');
    }
    const kiosk = intended().wait(600_000).restart();
    kiosk.play(ready(pulse(false)));
    t.equal(kiosk.eventTypes().at(-1), 'checkout-cancelled', 'and one that did not is in use');
  },
);

t.test('a visit whose lock was never released does not hide that its door opened', async (t) => {
  const kiosk = intended().wait(600_000).play(lost);
  kiosk.restart({
    type: 'checkout-intended',
    visit: visitNo(2),
    locker: lockerNo(1),
    item: book,
    patron: wang.patron,
  });
  kiosk.play(ready(pulse(true)));
  t.strictSame(kiosk.eventTypes().slice(-2), ['checkout-cancelled', 'locker-withheld']);
  t.match(kiosk.events.at(-2), { reason: 'outcome-unknown' });
});
