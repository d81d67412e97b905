import t from 'tap';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { book, choose, door, otherBook, pass, player, show, strangeBook, wang } from './player.js';

const lend = () => player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'));

t.test('a book shown to the reader is taken back into an empty locker', async (t) => {
  const kiosk = lend().play(show(book));
  t.match(kiosk.effects.at(-1), { kind: 'unlock', locker: 1, visit: 2 });
  kiosk.play(door(1, 'open'), door(1, 'closed'));
  t.strictSame(kiosk.story().slice(3), ['checkin-intended', 'checkin-opened', 'item-returned']);
  t.equal(kiosk.state.ledger.loans.size, 0, 'the loan is ended');
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(1)).item, book, 'and the book is offered again');
});

t.test('a book lent elsewhere, or by nobody, is taken back too', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed'));
  t.match(kiosk.events.at(-1), { type: 'item-returned', item: strangeBook, locker: 3, door: 'closed' });
});

t.test('a door that is never opened takes nothing back', async (t) => {
  const kiosk = lend().play(show(book)).wait(15_000);
  t.match(kiosk.events.at(-1), { type: 'checkin-cancelled', reason: 'never-opened' });
  t.ok(kiosk.state.ledger.loans.has(book), 'the loan goes on');
});

t.test('a full cabinet says so at once', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed'), door(4, 'open'));
  t.equal(kiosk.play(show()).state.notice?.refusal, 'item-already-here');
  const full = lend().play(door(1, 'open'), door(3, 'open'), door(4, 'unknown'), show(book));
  t.equal(full.state.notice?.refusal, 'cabinet-full');
});

t.test('a book recorded here is not taken a second time', async (t) => {
  t.equal(player().play(show(otherBook)).state.notice?.refusal, 'item-already-here');
});

t.test('showing a book while choosing returns it', async (t) => {
  const kiosk = lend().play(pass(wang), show(book));
  t.match(kiosk.events.at(-1), { type: 'checkin-intended', item: book });
});
