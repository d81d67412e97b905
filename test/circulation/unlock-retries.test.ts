import t from 'tap';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import {
  book,
  choose,
  door,
  li,
  lost,
  otherBook,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

const stuck = { kind: 'door-stuck' } as const;
const withheld = (kiosk: ReturnType<typeof player>, locker: number) =>
  lockerOf(kiosk.state.ledger, lockerNo(locker)).withheld;

t.test('a door that stays shut is unlocked again, the third time for longer, under one intent', async (t) => {
  const kiosk = player().play(pass(wang), choose(1));
  t.match(kiosk.state.visit, { kind: 'opening', attempt: 1 });
  t.match(kiosk.wait(5_000).state.visit, { kind: 'opening', attempt: 2 });
  t.match(kiosk.wait(5_000).state.visit, { kind: 'opening', attempt: 3 });
  t.same(
    kiosk.effects.map(({ locker, visit, strength }) => [locker, visit, strength]),
    [
      [1, 1, 'normal'],
      [1, 1, 'normal'],
      [1, 1, 'long'],
    ],
  );
  t.same(kiosk.eventTypes(), ['checkout-intended']);
  kiosk.play(door(1, 'open'), door(1, 'closed'));
  t.same(
    kiosk.eventTypes(),
    ['checkout-intended', 'item-lent', 'checkout-completed'],
    'and it opened after all',
  );
});

t.test('who walks away costs the kiosk no locker; the second time in a row it does', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(5_000).wait(5_000).wait(5_000);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'never-opened' } });
  t.equal(withheld(kiosk, 1), null);
  kiosk.wait(8_000).play(pass(wang), choose(1)).wait(5_000).wait(5_000).wait(5_000);
  t.equal(withheld(kiosk, 1), 'did-not-open');
  t.match(kiosk.play(pass(wang), choose(1)).state.notice, { refusal: 'locker-unavailable' });
});

t.test('an opening in between forgives an earlier miss', async (t) => {
  const lent = player().play(pass(wang), choose(1)).wait(23_000).play(pass(wang), choose(1), door(1, 'open'));
  t.equal(lockerOf(lent.state.ledger, lockerNo(1)).missed, 0);
  const kiosk = player().play(show(strangeBook)).wait(5_000).wait(5_000).wait(5_000).wait(8_000);
  kiosk.play(show(strangeBook), door(3, 'open'), door(3, 'closed')).wait(8_000);
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(3)).missed, 0);
});

t.test('“it does not open” takes the next try at once, but counts a double tap as one', async (t) => {
  const kiosk = player().play(pass(wang), choose(1));
  kiosk.play(stuck);
  t.equal(kiosk.effects.length, 1, 'just unlocked: the coil rests');
  kiosk.wait(2_000).play(stuck);
  t.match(kiosk.state.visit, { kind: 'opening', attempt: 2 });
  kiosk.play(stuck, stuck);
  t.match(kiosk.state.visit, { kind: 'opening', attempt: 2 });
  t.equal(kiosk.effects.length, 2);
});

t.test(
  'a door said to be stuck is withheld, and the borrower chooses another with the same pass',
  async (t) => {
    const kiosk = player().play(pass(wang), choose(1)).wait(2_000).play(stuck).wait(2_000).play(stuck);
    kiosk.wait(2_000).play(stuck);
    t.same(kiosk.eventTypes(), ['checkout-intended', 'checkout-cancelled', 'locker-withheld']);
    t.match(kiosk.state, { visit: { kind: 'choosing', holder: wang }, notice: { refusal: 'locker-stuck' } });
    kiosk.play(choose(2), door(2, 'open'), door(2, 'closed'));
    t.match(kiosk.events.at(-2), { type: 'item-lent', item: otherBook, patron: wang.patron });
  },
);

t.test('a report about an unknown door settles nothing: its board will', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), lost).wait(2_000).play(stuck).wait(2_000).play(stuck);
  kiosk.wait(2_000).play(stuck);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'outcome-unknown' } });
  t.same(kiosk.eventTypes(), ['checkout-intended']);
  kiosk.play(ready({ tag: 1, locker: lockerNo(1), opened: true }));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
});

t.test('a return gets the next empty locker, until there is none', async (t) => {
  const kiosk = player().play(show(strangeBook)).wait(2_000).play(stuck).wait(2_000).play(stuck);
  kiosk.wait(2_000).play(stuck);
  t.match(kiosk.state, {
    visit: { kind: 'opening', locker: 4, visit: 2 },
    notice: { refusal: 'locker-stuck' },
  });
  t.match(kiosk.effects.at(-1), { locker: 4, visit: 2, strength: 'normal' });
  kiosk.wait(2_000).play(stuck).wait(2_000).play(stuck).wait(2_000).play(stuck);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'never-opened', purpose: 'checkin' } });
  t.same([withheld(kiosk, 3), withheld(kiosk, 4)], ['did-not-open', 'did-not-open']);
});

t.test('who opens the door a little too late has borrowed after all, as a visit of its own', async (t) => {
  const kiosk = player()
    .play(pass(wang), choose(1))
    .wait(5_000)
    .wait(5_000)
    .wait(5_000)
    .play(door(1, 'open'));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'checkout-cancelled', 'checkout-intended', 'item-lent']);
  t.match(kiosk.events.at(-1), { visit: 2, patron: wang.patron, item: book });
  t.match(kiosk.state.visit, { kind: 'open', locker: 1 });
  t.equal(kiosk.play(door(1, 'closed')).eventTypes().at(-1), 'checkout-completed');
});

t.test('who opens it late to return a book has returned it', async (t) => {
  const kiosk = player().play(show(strangeBook)).wait(5_000).wait(5_000).wait(5_000).play(door(3, 'open'));
  t.same(kiosk.eventTypes().slice(-2), ['checkin-intended', 'checkin-opened']);
});

t.test('a late opening during another visit is recorded and does not disturb that visit', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(15_000).play(pass(li), choose(2), door(1, 'open'));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
  t.match(kiosk.events.at(-1), { type: 'item-lent', patron: wang.patron, locker: 1 });
  kiosk.play(door(1, 'closed'));
  t.match(kiosk.events.at(-1), { type: 'checkout-completed', locker: 1 });
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
});

t.test('who was offered another book and opens the first door after all is led on there', async (t) => {
  const gaveUp = () =>
    player()
      .play(pass(wang), choose(1))
      .wait(2_000)
      .play(stuck)
      .wait(2_000)
      .play(stuck)
      .wait(2_000)
      .play(stuck);
  const kiosk = gaveUp().play(door(1, 'open'));
  t.match(kiosk.events.at(-1), { type: 'item-lent', patron: wang.patron, item: book });
  t.match(kiosk.state.visit, { kind: 'open', locker: 1 });
  t.equal(withheld(kiosk, 1), 'did-not-open', 'the door stays with the maintainer');
  t.match(gaveUp().play(pass(li), door(1, 'open')).state.visit, { kind: 'choosing', holder: li });
});

t.test('once a door is unlocked for another person, it has no late opening', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(15_000).play(pass(li), choose(1));
  kiosk.play({ kind: 'lock-refused', locker: lockerNo(1), visit: visitNo(2) }, door(1, 'open'));
  t.equal(withheld(kiosk, 1), 'door-forced');
});

t.test('who might open a door late is forgotten after a minute, without being asked', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(15_000).wait(59_999);
  t.match([...kiosk.state.lateVisits.values()], [{ holder: wang }]);
  t.equal(kiosk.wait(1).state.lateVisits.size, 0);
});

t.test('who opens and shuts it late while its board is lost has borrowed too', async (t) => {
  const gone = () => player().play(pass(wang), choose(1)).wait(15_000).play(lost);
  const pulse = { tag: 1, locker: lockerNo(1), opened: true };
  const kiosk = gone().play(ready(pulse));
  t.same(kiosk.eventTypes().slice(2), ['checkout-intended', 'item-lent', 'checkout-completed']);
  t.equal(kiosk.state.ledger.loans.get(book)?.patron, wang.patron);
  t.equal(kiosk.play(ready(pulse)).eventTypes().length, 5, 'once');
  const longAfter = gone().wait(60_000).play(ready(pulse));
  t.same(longAfter.eventTypes().slice(2), ['locker-withheld'], 'a minute later nobody knows who it was');
  t.equal(withheld(longAfter, 1), 'outcome-unknown');
  t.equal(longAfter.wait(1).state.lateVisits.size, 0);
  for (const other of [
    { ...pulse, opened: false },
    { ...pulse, tag: 7 },
    { ...pulse, locker: lockerNo(2) },
  ])
    t.same(gone().play(ready(other)).eventTypes().slice(2), []);
});

t.test('who found another place for the book does not return it twice', async (t) => {
  const kiosk = player().play(show(strangeBook)).wait(2_000).play(stuck).wait(2_000).play(stuck);
  kiosk.wait(2_000).play(stuck, door(4, 'open'), door(4, 'closed'), door(3, 'open'));
  t.equal(kiosk.eventTypes().at(-1), 'item-returned');
  t.equal(withheld(kiosk, 3), 'did-not-open');
});

t.test('nor ends a later loan of the item', async (t) => {
  const kiosk = player().play(show(strangeBook)).wait(2_000).play(stuck).wait(2_000).play(stuck);
  kiosk.wait(2_000).play(stuck, door(4, 'open'), door(4, 'closed'));
  kiosk.play(pass(li), choose(4), door(4, 'open'), door(4, 'closed'), door(3, 'open'), door(3, 'closed'));
  t.equal(kiosk.state.ledger.loans.get(strangeBook)?.patron, li.patron);
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(3)).item, null);
});

t.test('after an interruption a late opening belongs to no visit', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).restart();
  kiosk
    .play(ready({ tag: 1, locker: lockerNo(1), opened: false }))
    .wait(15_000)
    .play(door(1, 'open'));
  t.same(kiosk.eventTypes(), ['checkout-intended', 'checkout-cancelled', 'locker-withheld']);
});

t.test('a minute later it is a forced door', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(5_000).wait(5_000).wait(5_000).wait(60_000);
  t.equal(kiosk.play(door(1, 'open')).eventTypes().at(-1), 'locker-withheld');
  t.equal(withheld(kiosk, 1), 'door-forced');
});
