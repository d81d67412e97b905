import t from 'tap';
import type { Input } from '../../src/circulation/input.js';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { book, choose, door, li, otherBook, pass, player, show, strangeBook, wang } from './player.js';

const lend = () => player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'));

t.test('a book shown to the reader is taken back into an empty locker', async (t) => {
  const kiosk = lend().play(show(book));
  t.match(kiosk.effects.at(-1), { kind: 'unlock', locker: 1, visit: 2 });
  kiosk.play(door(1, 'open'), door(1, 'closed'));
  t.strictSame(kiosk.eventTypes().slice(3), ['checkin-intended', 'checkin-opened', 'item-returned']);
  t.equal(kiosk.state.ledger.loans.size, 0, 'the loan is ended');
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(1)).item, book, 'and the book is offered again');
});

t.test('a book lent elsewhere, or not lent at all, is accepted as a return too', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed'));
  t.match(kiosk.events.at(-1), { type: 'item-returned', item: strangeBook, locker: 3, door: 'closed' });
});

t.test('a door that is never opened takes nothing back', async (t) => {
  const kiosk = lend().play(show(book)).wait(15_000);
  t.match(kiosk.events.at(-1), { type: 'checkin-cancelled', reason: 'never-opened' });
  t.ok(kiosk.state.ledger.loans.has(book), 'the loan goes on');
});

t.test('the last words of a return stay long enough to photograph its receipt', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed')).wait(23_999);
  t.match(kiosk.state.visit, { kind: 'farewell' });
  kiosk.play({ kind: 'damage-reported', damage: 'wet' }).wait(23_999);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { damage: 'wet' } });
  t.equal(kiosk.wait(1).state.visit.kind, 'idle');
});

t.test('a full cabinet refuses a return at once', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed'), door(4, 'open'));
  t.equal(kiosk.play(show()).state.notice?.refusal, 'cabinet-full');
  const full = lend().play(door(1, 'open'), door(3, 'open'), door(4, 'unknown'), show(book));
  t.equal(full.state.notice?.refusal, 'cabinet-full');
});

t.test('a book that a sensor sees here, or that is under way, is not taken a second time', async (t) => {
  const seen = player().play({ kind: 'item-sensed', locker: lockerNo(2), item: 'present' });
  t.equal(seen.play(show(otherBook)).state.notice?.refusal, 'item-already-here');
  const lost: Input = { kind: 'door', locker: lockerNo(3), door: 'unknown' };
  const underWay = player().play(show(strangeBook), lost).wait(60_000).play(show(strangeBook));
  t.equal(underWay.state.notice?.refusal, 'item-already-here');
});

t.test(
  'a book in somebody’s hand is taken whatever was recorded, and its old place is looked at',
  async (t) => {
    const kiosk = player().play(show(otherBook));
    t.equal(kiosk.play(pass(wang)).state.notice?.refusal, 'busy');
    kiosk.play(door(3, 'open'), door(3, 'closed'));
    t.same(kiosk.eventTypes(), ['checkin-intended', 'checkin-opened', 'item-returned', 'locker-withheld']);
    t.match(kiosk.state.ledger.lockers.get(lockerNo(2)), { item: null, withheld: 'misplaced' });
    t.match(kiosk.state.ledger.lockers.get(lockerNo(3)), { item: otherBook, withheld: null });
  },
);

t.test(
  'a book that is being brought back at one door is not lent by a late opening of another',
  async (t) => {
    const kiosk = player().play(pass(wang), choose(2)).wait(16_000).play(show(otherBook), door(2, 'open'));
    t.match(kiosk.events.at(-1), { type: 'locker-withheld', locker: 2, reason: 'door-forced' });
    kiosk.play(door(3, 'open'), door(3, 'closed'));
    t.match(kiosk.events.at(-1), { type: 'item-returned', item: otherBook });
  },
);

t.test('a loan that is over before its door was seen to shut ends without a date', async (t) => {
  const lost: Input = { kind: 'door', locker: lockerNo(1), door: 'unknown' };
  const kiosk = player().play(pass(wang), choose(1), door(1, 'open'), lost);
  kiosk.play({ kind: 'returns-updated', returns: new Map([[book, visitNo(1)]]) }).wait(120_000);
  t.same(kiosk.eventTypes().slice(-2), ['loan-closed', 'checkout-completed']);
  t.match(kiosk.state.visit, { outcome: { kind: 'outcome-unknown' } });
});

t.test('a book that is being brought back is not lent from where it was recorded', async (t) => {
  const lost: Input = { kind: 'door', locker: lockerNo(3), door: 'unknown' };
  const kiosk = player().play(show(otherBook), lost).wait(60_000).play(pass(wang), choose(2));
  t.equal(kiosk.state.notice?.refusal, 'locker-unavailable');
});

t.test(
  'after a pass, a scanned book of the same patron is either returned or renewed, as she chooses',
  async (t) => {
    const kiosk = lend().play(pass(wang), show(book));
    t.match(kiosk.state.visit, { kind: 'asking', item: book });
    t.match(kiosk.play({ kind: 'return-chosen' }).events.at(-1), { type: 'checkin-intended', item: book });
  },
);

t.test('showing somebody else’s book while choosing returns it', async (t) => {
  const kiosk = lend().play(pass(li), show(book));
  t.match(kiosk.events.at(-1), { type: 'checkin-intended', item: book });
});
