import t from 'tap';
import { alertsOf } from '../../src/circulation/alerts.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo } from '../../src/kernel/ids.js';
import {
  book,
  choose,
  door,
  doorsAll,
  lost,
  main,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

type Kiosk = ReturnType<typeof player>;
const withheld = (kiosk: Kiosk, locker: number) => lockerOf(kiosk.state.ledger, lockerNo(locker)).withheld;
const codes = (kiosk: Kiosk) =>
  alertsOf(kiosk.state).map(({ code, locker }) => (locker ? `${code} ${locker}` : code));
const senses = (locker: number, item: 'present' | 'absent') =>
  ({ kind: 'item-sensed', locker: lockerNo(locker), item }) as const;
const oneOpen = doorsAll('closed').set(lockerNo(1), 'open');
const chatters = (locker: number, yes: boolean) =>
  ({ kind: 'switch-chatters', locker: lockerNo(locker), chatters: yes }) as const;

t.test('a door that opens unasked is tampering: its locker is withheld, the rest lends on', async (t) => {
  const kiosk = player().play(door(1, 'open'));
  t.same(kiosk.eventTypes(), ['locker-withheld']);
  t.same(codes(kiosk), ['locker.forced 1', 'locker.left-open 1']);
  kiosk.play(door(1, 'closed'), pass(wang), choose(1));
  t.match(kiosk.state.notice, { refusal: 'locker-unavailable' });
  kiosk.play(choose(2));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
  t.same(codes(kiosk), ['locker.forced 1']);
});

t.test('opened again, a withheld locker is no second alarm; restored, it is used again', async (t) => {
  const kiosk = player().play(door(1, 'open'), door(1, 'closed')).wait(10_000).play(door(1, 'open'));
  t.same(kiosk.eventTypes(), ['locker-withheld']);
  kiosk.restart({ type: 'locker-restored', locker: lockerNo(1) }).play(ready());
  t.same(codes(kiosk), []);
  t.match(kiosk.play(pass(wang), choose(1)).effects, [{ locker: 1 }]);
});

t.test('a withheld locker takes nothing back', async (t) => {
  const kiosk = player().play(door(3, 'open'), door(3, 'closed'), show(strangeBook));
  t.match(kiosk.effects, [{ locker: 4 }]);
});

t.test('tampering beside a visit leaves that visit alone', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(2, 'open'));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1 });
  t.equal(withheld(kiosk, 2), 'door-forced');
});

t.test('a door that springs open before its latch has caught was not forced', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed')).wait(1_000);
  t.equal(withheld(kiosk.play(door(1, 'open')), 1), null);
  t.same(codes(kiosk), ['locker.left-open 1']);
  t.equal(withheld(kiosk.play(door(1, 'closed')).wait(3_000).play(door(1, 'open')), 1), 'door-forced');
});

t.test('a door that is open when the program starts is not called forced', async (t) => {
  const kiosk = player({ ready: false }).play(ready(null, oneOpen));
  t.same(kiosk.eventTypes(), []);
  t.same(codes(kiosk), ['locker.left-open 1']);
  t.same(
    kiosk.play(lost, ready(null, oneOpen)).eventTypes(),
    [],
    'nor when it was open before its board was lost',
  );
});

t.test('nor one that was shut when its board was lost once, and left open by a visit since', async (t) => {
  const kiosk = player().play(lost, ready(), pass(wang), choose(1), door(1, 'open')).wait(120_000);
  kiosk.play(ready(null, oneOpen), lost, ready(null, oneOpen));
  t.equal(kiosk.eventTypes().at(-1), 'checkout-completed');
});

t.test('who cuts the cable first does not go unnoticed', async (t) => {
  const kiosk = player().play(lost, lost, ready(null, oneOpen));
  t.same(kiosk.eventTypes(), ['locker-withheld']);
  t.equal(withheld(kiosk, 1), 'door-forced');
  const late = player().play(pass(wang), choose(1)).wait(15_000).play(lost, ready(null, oneOpen));
  t.equal(late.eventTypes().at(-1), 'item-lent', 'an opening a little too late is none the worse for it');
  const own = player()
    .play(pass(wang), choose(1), lost)
    .play(ready({ tag: 1, locker: lockerNo(1), opened: true }, oneOpen));
  t.same(own.eventTypes(), ['checkout-intended', 'item-lent'], 'nor is a door that a visit opened meanwhile');
});

t.test('a door that moves while its switch chatters is not called forced', async (t) => {
  const kiosk = player().play(chatters(1, true), door(1, 'unknown'), door(1, 'open'));
  t.same(kiosk.eventTypes(), []);
});

t.test(
  'a door left open is asked for again and again; then the visit is over and the alert stands',
  async (t) => {
    const kiosk = player().play(pass(wang), choose(1), door(1, 'open')).wait(20_000);
    t.match(kiosk.state.visit, { kind: 'open', reminders: 1 });
    t.match(kiosk.wait(20_000).state.visit, { kind: 'open', reminders: 2 });
    t.same(codes(kiosk), []);
    for (let n = 0; n < 4; n += 1) kiosk.wait(20_000);
    t.match(kiosk.events.at(-1), { type: 'checkout-completed', door: 'left-open' });
    t.same(codes(kiosk), ['locker.left-open 1']);
    t.same(codes(kiosk.play(door(1, 'closed'))), []);
  },
);

t.test(
  'an item taken while the switch says shut was borrowed all the same; the switch is silent',
  async (t) => {
    const kiosk = player().play(senses(1, 'present'), pass(wang), choose(1), senses(1, 'absent'));
    t.same(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed', 'locker-withheld']);
    t.match(kiosk.events.at(-2), { door: 'unknown' });
    t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'lent', item: book } });
    t.same(codes(kiosk), ['locker.door-silent 1']);
  },
);

t.test('an item put in while the switch reports closed is a return', async (t) => {
  const kiosk = player().play(senses(3, 'absent'), show(strangeBook), senses(3, 'present'));
  t.same(kiosk.eventTypes().slice(1), ['checkin-opened', 'item-returned', 'locker-withheld']);
});

t.test('an item that disappears from a closed locker without a visit is in doubt', async (t) => {
  const kiosk = player().play(senses(1, 'present'), senses(1, 'absent'));
  t.equal(withheld(kiosk, 1), 'door-silent');
});

t.test('a sensor that settles after the door was shut is no fault', async (t) => {
  const kiosk = player().play(
    senses(1, 'present'),
    pass(wang),
    choose(1),
    door(1, 'open'),
    door(1, 'closed'),
  );
  kiosk.wait(1_000).play(senses(1, 'absent'));
  t.equal(withheld(kiosk, 1), null);
});

t.test('nor one that settles after its door was shut while the board was lost', async (t) => {
  const kiosk = player().play(senses(1, 'present'), pass(wang), choose(1), door(1, 'open'), lost, ready());
  kiosk.play(senses(1, 'present'), senses(1, 'absent'));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
});

t.test('a book put in during another visit is recorded and does not disturb that visit', async (t) => {
  const kiosk = player().play(senses(1, 'present'), pass(wang), choose(1)).restart();
  const pulse = { tag: 1, locker: lockerNo(1), opened: false };
  kiosk.play(ready(pulse, doorsAll('closed').set(lockerNo(1), 'unknown')), senses(1, 'present'), pass(wang));
  kiosk.play(door(1, 'closed'), senses(1, 'absent'));
  t.same(kiosk.eventTypes().slice(1), ['item-lent', 'checkout-completed', 'locker-withheld']);
  t.match(kiosk.state.visit, { kind: 'choosing' });
});

t.test('a locker that becomes doubtful while its door is waited for is not unlocked again', async (t) => {
  const kiosk = player().play(senses(1, 'absent'), pass(wang), choose(1), senses(1, 'present'));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'locker-withheld']);
  kiosk.wait(5_000);
  t.equal(kiosk.effects.length, 1);
  t.same(kiosk.eventTypes().slice(2), ['checkout-cancelled'], 'and it is withheld once');
});

t.test('a chattering switch is one alert, and its locker is not offered meanwhile', async (t) => {
  const kiosk = player().play(door(1, 'unknown'), chatters(1, true));
  t.same(codes(kiosk), ['locker.chatters 1']);
  t.match(kiosk.play(pass(wang), choose(1)).state.notice, { refusal: 'locker-unavailable' });
  t.match(
    kiosk.play(door(1, 'closed'), choose(1)).state.visit,
    { kind: 'choosing' },
    'not before it is quiet',
  );
  kiosk.play(chatters(1, false), choose(1));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 1 });
});

t.test('a visit whose switch chattered ends as unknown, and its locker waits for staff', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(1, 'unknown'), chatters(1, true));
  for (let n = 0; n < 3; n += 1) kiosk.wait(5_000);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'outcome-unknown' } });
  t.equal(kiosk.effects.length, 1, 'what nobody can see is not unlocked again');
  kiosk.play(door(1, 'closed'), chatters(1, false));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'checkout-cancelled', 'locker-withheld']);
  t.match(kiosk.events.at(-2), { reason: 'outcome-unknown' });
});

t.test('a board report from before a visit does not settle it', async (t) => {
  const kiosk = player({ ready: false }).play(ready({ tag: 1, locker: lockerNo(2), opened: true }));
  kiosk.play(pass(wang), choose(1), door(1, 'unknown'), door(1, 'closed'));
  t.match(kiosk.events.at(-2), { type: 'checkout-cancelled', reason: 'outcome-unknown' });
});

t.test('nor does a report from before the switch chattered', async (t) => {
  const pulse = { tag: 1, locker: lockerNo(1), opened: false };
  const kiosk = player().play(pass(wang), choose(1), lost, ready(pulse));
  kiosk.play(door(1, 'unknown'), chatters(1, true), door(1, 'closed'), chatters(1, false));
  t.match(kiosk.events.at(-2), { type: 'checkout-cancelled', reason: 'outcome-unknown' });
});

t.test('a board that lost its supply forgot whether the door opened: staff must look', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).restart().play(ready(null));
  t.match(kiosk.events.at(-2), { type: 'checkout-cancelled', reason: 'outcome-unknown' });
  t.equal(withheld(kiosk, 1), 'outcome-unknown');
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'outcome-unknown' } });
});

t.test('a lost board is an alert; its lockers are unknown', async (t) => {
  const kiosk = player().play(lost);
  t.match(alertsOf(kiosk.state), [{ code: 'board.lost', board: main }]);
});

t.test('a door that was unknown just after its visit ended has to be checked by staff', async (t) => {
  for (const end of ['closed', 'open'] as const) {
    const kiosk = player().play(pass(wang), choose(1)).wait(16_000);
    kiosk.play(door(1, 'unknown')).wait(90_000).play(door(1, end));
    t.equal(withheld(kiosk, 1), 'outcome-unknown', end);
  }
  const later = player().play(pass(wang), choose(1)).wait(90_000).play(door(1, 'unknown'), door(1, 'closed'));
  t.equal(withheld(later, 1), null, 'a minute after it the latch has caught');
});
