import t from 'tap';
import { defaultPolicy, emptyDirectory } from '../../src/circulation/directory.js';
import type { Input } from '../../src/circulation/input.js';
import { holdId, lockerNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { act, grant, staffShown } from './every-pair.js';
import { book, choose, door, li, otherBook, pass, player, ready, show, strangeBook, wang } from './player.js';

const stuck: Input = { kind: 'door-stuck' };
const another: Input = { kind: 'another-wanted' };
const untaken = (locker: number): Input => ({ kind: 'not-taken', locker: lockerNo(locker) });
const borrowed = () => player().play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'));
const refusal = ({ state }: ReturnType<typeof player>) => state.notice?.refusal;

t.test('a pass for one loan lends once, also after a restart', async (t) => {
  const kiosk = player().play(pass(grant(null)), choose(1), door(1, 'open'), door(1, 'closed'));
  t.match(kiosk.state.visit, { kind: 'farewell', holder: null });
  t.equal(refusal(kiosk.play(another)), 'too-late');
  t.equal(refusal(kiosk.play(pass(grant(null)))), 'pass-used');
  t.equal(refusal(kiosk.restart().play(ready(), pass(grant(null)))), 'pass-used');
});

t.test('a pass for one book opens its door at once, or is refused when the book is not here', async (t) => {
  t.match(player().play(pass(grant(otherBook))).state.visit, { kind: 'opening', locker: 2 });
  t.match(player().play(choose(1), pass(grant(otherBook))).state.visit, { kind: 'opening', locker: 2 });
  t.equal(refusal(player().play(pass(grant(strangeBook)))), 'item-not-here');
});

t.test('a pass for one book lends no other, whatever becomes of that book’s door', async (t) => {
  const stuckDoor = player().play(pass(grant(otherBook)));
  for (let n = 0; n < 3; n += 1) stuckDoor.wait(2_500).play(stuck);
  t.match(stuckDoor.state.visit, { kind: 'farewell', outcome: { kind: 'never-opened' } });
  const ajar = player().play(door(2, 'open'), pass(grant(otherBook)));
  t.match(ajar.state, { visit: { kind: 'idle' }, notice: { refusal: 'locker-unavailable' } });
  for (const kiosk of [stuckDoor, ajar]) {
    const { length } = kiosk.effects;
    t.match(kiosk.play(choose(1)).state.visit, { kind: 'identifying' }, 'and asks whose pass');
    t.equal(kiosk.effects.length, length);
  }
});

t.test('a door that does not open does not use up her one loan while she is there', async (t) => {
  const kiosk = player().play(pass(grant(null)), choose(1));
  for (let n = 0; n < 3; n += 1) kiosk.wait(2_500).play(stuck);
  t.match(kiosk.state.visit, { kind: 'choosing' });
  t.match(kiosk.play(choose(2)).state.visit, { kind: 'opening', locker: 2 });
  kiosk.play(door(2, 'open'), door(2, 'closed'));
  t.equal(kiosk.state.ledger.loans.get(otherBook)?.patron, wang.patron);
});

t.test('after one book she may have another without showing her pass again', async (t) => {
  const kiosk = borrowed().play(another);
  t.match(kiosk.state.visit, { kind: 'choosing', holder: wang });
  kiosk.play(choose(2), door(2, 'open'), door(2, 'closed'));
  t.equal(kiosk.state.ledger.loans.size, 2);
  t.match(kiosk.play(another).state, { visit: { kind: 'choosing' }, notice: { refusal: 'loan-limit' } });
});

t.test('who did not take the book has no loan; without a sensor staff look first', async (t) => {
  const kiosk = borrowed().play(untaken(1));
  t.same(kiosk.eventTypes().slice(-2), ['checkout-undone', 'locker-withheld']);
  t.match(kiosk.state, { visit: { kind: 'farewell', outcome: { kind: 'undone' } } });
  t.equal(kiosk.state.ledger.loans.size, 0);
  t.match(kiosk.state.ledger.lockers.get(lockerNo(1)), { item: book, withheld: 'not-taken' });
});

t.test('a sensor decides whether the book was taken', async (t) => {
  const sensed = (item: 'present' | 'absent') =>
    player()
      .play({ kind: 'item-sensed', locker: lockerNo(1), item })
      .play(pass(wang), choose(1), door(1, 'open'), door(1, 'closed'), untaken(1));
  t.match(sensed('present').state.ledger.lockers.get(lockerNo(1)), { item: book, withheld: null });
  t.equal(refusal(sensed('absent')), 'item-taken');
});

t.test('the borrower can report it for two minutes with the same pass; no other person can', async (t) => {
  t.equal(refusal(borrowed().wait(20_000).play(untaken(1))), 'not-your-loan');
  t.equal(refusal(borrowed().wait(20_000).play(pass(li), untaken(1))), 'not-your-loan');
  t.match(borrowed().wait(20_000).play(pass(wang), untaken(1)).state.visit, { outcome: { kind: 'undone' } });
  t.equal(refusal(borrowed().wait(120_001).play(pass(wang), untaken(1))), 'not-your-loan');
});

t.test('nor after somebody used that locker again', async (t) => {
  const kiosk = borrowed().play(
    show(strangeBook),
    door(1, 'open'),
    door(1, 'closed'),
    pass(wang),
    untaken(1),
  );
  t.equal(refusal(kiosk), 'not-your-loan');
});

t.test('nor after the book came back elsewhere, or staff were at its locker', async (t) => {
  const back = borrowed().play(door(1, 'unknown'), show(book), door(3, 'open'), door(3, 'closed'));
  t.equal(refusal(back.play(door(1, 'closed'), pass(wang), untaken(1))), 'not-your-loan');
  back.play({ kind: 'cancelled' }, pass(li), choose(3), door(3, 'open'), door(3, 'closed'));
  t.equal(refusal(back.play(pass(wang), untaken(1))), 'not-your-loan');
  const staffed = borrowed().play(staffShown, act({ do: 'open', locker: lockerNo(1) }));
  staffed.play(door(1, 'open'), door(1, 'closed'), { kind: 'cancelled' }, pass(wang), untaken(1));
  t.equal(refusal(staffed), 'not-your-loan');
});

t.test('while the catalogue cannot be asked, fewer books are lent', async (t) => {
  const policy = { ...defaultPolicy, loansPerPatron: 2, loansPerPatronOffline: 1 };
  const kiosk = borrowed().play({ kind: 'policy-updated', policy }, pass(wang));
  t.equal(refusal(kiosk), 'loan-limit-offline');
  t.equal(refusal(kiosk.play(choose(2))), 'loan-limit-offline');
  kiosk.play({ kind: 'online-changed', online: true }, choose(2));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
});

t.test('who is blocked, or whose pass was revoked, does not borrow, but may return', async (t) => {
  const blocked = { ...emptyDirectory, blocked: new Set([wang.patron]) };
  const kiosk = player().play({ kind: 'directory-updated', directory: blocked }, choose(1), pass(wang));
  t.match(kiosk.state, { visit: { kind: 'idle' }, notice: { refusal: 'patron-blocked' } });
  t.equal(kiosk.play(show(strangeBook)).state.visit.kind, 'opening');
  const revoked = { ...emptyDirectory, revoked: new Set(wang.pass === null ? [] : [wang.pass]) };
  t.equal(
    refusal(player().play({ kind: 'directory-updated', directory: revoked }, pass(wang))),
    'pass-revoked',
  );
  t.equal(
    player().play({ kind: 'directory-updated', directory: revoked }, pass(li)).state.visit.kind,
    'choosing',
  );
});

t.test('a child borrows no book for adults, and a book unknown to the catalogue is not lent', async (t) => {
  const items = new Map([[book, { loanClass: null, adultsOnly: true }]]);
  const update: Input = { kind: 'directory-updated', directory: { ...emptyDirectory, items } };
  const child = player().play(update, pass({ ...li, age: 'child' }), choose(1));
  t.match(child.state, { visit: { kind: 'choosing' }, notice: { refusal: 'item-for-adults' } });
  t.match(player().play(update, pass(li), choose(1)).state.visit, { kind: 'opening' });
  t.equal(refusal(player().play(update, choose(2))), 'item-unknown');
});

t.test('a book on hold is lent only to its patron, and the hold ends with the loan', async (t) => {
  const until = epochMs(Date.UTC(2027, 0, 1));
  const holds = new Map([[holdId('h-1'), { item: book, patron: li.patron, until }]]);
  const kiosk = player().play({ kind: 'holds-updated', holds }, pass(wang), choose(1));
  t.match(kiosk.state, { visit: { kind: 'choosing' }, notice: { refusal: 'item-on-hold' } });
  kiosk.play({ kind: 'cancelled' }, choose(1), pass(li), door(1, 'open'));
  t.same(kiosk.eventTypes(), ['hold-placed', 'checkout-intended', 'item-lent', 'hold-ended']);
  t.match(kiosk.events.at(-1), { reason: 'fulfilled' });
  kiosk.play({ kind: 'holds-updated', holds });
  t.equal(kiosk.events.length, 6, 'the same list again changes nothing');
});

t.test('a hold ends at its time, also offline, but not while the time is not certain', async (t) => {
  const until = epochMs(Date.UTC(2026, 10, 23, 6) + 60_000);
  const holds = new Map([[holdId('h-1'), { item: book, patron: li.patron, until }]]);
  const kiosk = player().play({ kind: 'holds-updated', holds }).wait(61_000);
  t.match(kiosk.events.at(-1), { type: 'hold-ended', reason: 'expired' });
  t.match(kiosk.play(pass(wang), choose(1)).state.visit, { kind: 'opening' });
  const doubtful = player({ trust: 'floor' }).play({ kind: 'holds-updated', holds }).wait(10_000_000);
  t.same(doubtful.eventTypes(), ['hold-placed']);
  t.equal(refusal(doubtful.play(pass(wang), choose(1))), 'item-on-hold');
});

t.test('a hold that the catalogue takes off its list is released', async (t) => {
  const until = epochMs(Date.UTC(2027, 0, 1));
  const holds = new Map([[holdId('h-1'), { item: strangeBook, patron: li.patron, until }]]);
  const kiosk = player().play({ kind: 'holds-updated', holds }, { kind: 'holds-updated', holds: new Map() });
  t.match(kiosk.events.at(-1), { type: 'hold-ended', reason: 'released' });
  t.equal(kiosk.state.ledger.holds.size, 0);
});
