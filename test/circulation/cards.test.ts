import t from 'tap';
import { pinWaitMs } from '../../src/circulation/cards.js';
import { emptyDirectory } from '../../src/circulation/directory.js';
import { patronId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { card, checked, pin } from './every-pair.js';
import { choose, door, li, type Player, pass, player, ready, wang } from './player.js';

const wrong = (kiosk: Player, times = 1) => {
  for (let n = 0; n < times; n += 1) kiosk.play(card, pin, checked(false));
  return kiosk;
};

/** A wrong PIN for each of so many cards. */
const guess = (kiosk: Player, cards: number) => {
  for (let n = 0; n < cards; n += 1) {
    const patron = patronId(`${kiosk.events.length}`.padStart(16, '0'));
    kiosk.play({ kind: 'card-shown', owner: { patron, age: 'adult' } }, pin);
    kiosk.play({ kind: 'pin-checked', patron, isRight: false });
  }
  return kiosk;
};

t.test('a card and its PIN borrow as a pass does, and no pass is named', async (t) => {
  const kiosk = player().play(card, pin, checked(true), choose(1), door(1, 'open'), door(1, 'closed'));
  t.same(kiosk.eventTypes(), [
    'pin-tried',
    'pin-accepted',
    'checkout-intended',
    'item-lent',
    'checkout-completed',
  ]);
  t.notOk('pass' in (kiosk.events.find(({ type }) => type === 'checkout-intended') ?? {}));
  t.equal(kiosk.state.ledger.loans.size, 1);
});

t.test('with the book chosen first, the right PIN opens its door', async (t) => {
  const kiosk = player().play(choose(2), card, pin, checked(true));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
});

t.test('a book chosen at the PIN pad is not lent to the next person', async (t) => {
  const kiosk = player().play(choose(2), card, pass(li));
  t.match(kiosk.state.visit, { kind: 'choosing', holder: li });
  const hers = { patron: li.patron, age: li.age };
  const other = player().play(choose(2), card, { kind: 'card-shown', owner: hers });
  t.match(other.state.visit, { kind: 'pin', patron: li.patron, locker: null });
  t.match(player().play(choose(2), card, pass(wang)).state.visit, { kind: 'opening', locker: 2 });
});

t.test(
  'that a PIN was tried is on record before it is looked at, also when the power is cut then',
  async (t) => {
    const kiosk = player().play(card, pin);
    t.match(kiosk.events.at(-1), { type: 'pin-tried', patron: wang.patron });
    t.equal(kiosk.restart().state.ledger.pinTries.get(wang.patron), 1);
  },
);

t.test('after three wrong PINs she waits, longer each time, and a right one ends that', async (t) => {
  const kiosk = wrong(player(), 2);
  t.match(kiosk.state, { visit: { kind: 'pin' }, notice: { refusal: 'pin-wrong' } });
  wrong(kiosk);
  t.match(kiosk.state, { visit: { kind: 'idle' }, notice: { refusal: 'pin-wait' } });
  t.match(kiosk.play(card).state, { visit: { kind: 'idle' }, notice: { refusal: 'pin-wait' } });
  kiosk.wait(limits.pinWaitFirstMs);
  t.match(wrong(kiosk).wait(limits.pinWaitFirstMs).play(card).state.notice, { refusal: 'pin-wait' });
  kiosk.wait(limits.pinWaitFirstMs).play(card, pin, checked(true));
  t.equal(kiosk.state.visit.kind, 'choosing');
  t.equal(kiosk.state.ledger.pinTries.size, 0);
});

t.test('waits double and stop growing', async (t) => {
  t.same(
    [0, 2, 3, 4, 5].map(pinWaitMs),
    [0, 0, 1, 2, 4].map((n) => n * limits.pinWaitFirstMs),
  );
  t.equal(pinWaitMs(1_000), limits.pinWaitMaxMs);
});

t.test('after a power cut the whole PIN wait starts again', async (t) => {
  const kiosk = wrong(player(), 3).wait(limits.pinWaitFirstMs).restart();
  kiosk.play(ready(), card);
  t.match(kiosk.state.notice, { refusal: 'pin-wait' });
  t.equal(kiosk.wait(limits.pinWaitFirstMs).play(card).state.visit.kind, 'pin');
});

t.test('one PIN tried with many cards stops all cards for a while; passes go on', async (t) => {
  const kiosk = guess(player(), limits.pinAllCardsAttempts);
  t.match(kiosk.play(card).state.notice, { refusal: 'pin-wait' });
  t.equal(kiosk.play(pass(wang)).state.visit.kind, 'choosing');
  t.equal(
    kiosk.play({ kind: 'cancelled' }).wait(limits.pinAllCardsWaitMs).play(card).state.visit.kind,
    'pin',
  );
});

t.test('a right PIN of one card does not reset the count of wrong PINs of others', async (t) => {
  const kiosk = guess(player(), limits.pinAllCardsAttempts - 1);
  kiosk.play(card, pin, checked(true), { kind: 'cancelled' });
  t.match(guess(kiosk, 1).play(card).state.notice, { refusal: 'pin-wait' });
  kiosk.wait(limits.pinAllCardsWaitMs).play(card, pin, checked(true), { kind: 'cancelled' });
  t.match(guess(kiosk, 1).play(card).state.notice, { refusal: 'pin-wait' }, 'one is forgotten, not all');
  kiosk.wait(limits.pinAllCardsWaitMs * limits.pinAllCardsAttempts);
  t.equal(guess(kiosk, limits.pinAllCardsAttempts - 1).play(card).state.visit.kind, 'pin');
});

t.test('a PIN result that arrives too late is ignored', async (t) => {
  const kiosk = player()
    .play(card, pin)
    .wait(limits.pinCheckMs + 8_000);
  t.equal(kiosk.play(checked(true)).state.visit.kind, 'idle');
  t.equal(kiosk.state.ledger.pinTries.get(wang.patron), 1, 'it counts as tried');
});

t.test('an unknown or blocked card gets no further', async (t) => {
  t.match(player().play({ kind: 'card-shown', owner: null }).state.notice, { refusal: 'card-unknown' });
  const directory = { ...emptyDirectory, blocked: new Set([wang.patron]) };
  t.match(player().play({ kind: 'directory-updated', directory }, card).state.notice, {
    refusal: 'patron-blocked',
  });
});
