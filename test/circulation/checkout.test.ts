import t from 'tap';
import { lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import {
  book,
  choose,
  door,
  doorsAll,
  li,
  lost,
  pass,
  player,
  ready,
  show,
  strangeBook,
  wang,
} from './player.js';

t.test('a book is lent when its door really opens, and the visit ends when it closes', async (t) => {
  const kiosk = player().play(pass(wang), choose(1));
  t.strictSame(kiosk.effects, [{ kind: 'unlock', locker: 1, visit: 1, strength: 'normal' }]);
  t.strictSame(kiosk.eventTypes(), ['checkout-intended'], 'the intent is recorded with the unlock');
  t.equal(kiosk.state.ledger.loans.size, 0, 'a pulse alone lends nothing');

  kiosk.play(door(1, 'open'));
  t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent']);
  t.equal(kiosk.state.ledger.loans.get(book)?.patron, wang.patron);
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(1)).item, null, 'an item on loan is in no locker');

  kiosk.play(door(1, 'closed'));
  t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'lent', item: book } });
  t.equal(kiosk.wait(15_999).state.visit.kind, 'farewell', 'time to choose another book');
  t.equal(kiosk.wait(1).state.visit.kind, 'idle');
});

t.test('choosing the book first and showing the pass second works the same', async (t) => {
  const kiosk = player().play(choose(2));
  t.match(kiosk.state.visit, { kind: 'identifying', locker: 2 });
  t.strictSame(kiosk.play(pass(wang)).effects, [{ kind: 'unlock', locker: 2, visit: 1, strength: 'normal' }]);
});

t.test('a door that is never opened makes no loan, and the screen shows it', async (t) => {
  const kiosk = player().play(pass(wang), choose(1)).wait(15_000);
  t.strictSame(kiosk.eventTypes(), ['checkout-intended', 'checkout-cancelled']);
  t.match(kiosk.events.at(-1), { reason: 'never-opened' });
  t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'never-opened', purpose: 'checkout' } });
  t.equal(lockerOf(kiosk.state.ledger, lockerNo(1)).item, book, 'the book is still offered');
});

t.test('a lock the board refuses to pulse lends nothing', async (t) => {
  const kiosk = player().play(pass(wang), choose(1));
  kiosk.play({ kind: 'lock-refused', locker: lockerNo(1), visit: visitNo(1) });
  t.match(kiosk.events.at(-1), { type: 'checkout-cancelled', reason: 'lock-refused' });
});

t.test('a door left open is not waited for for ever', async (t) => {
  const kiosk = player().play(pass(wang), choose(1), door(1, 'open')).wait(120_000);
  t.match(kiosk.events.at(-1), { type: 'checkout-completed', door: 'left-open' });
  kiosk.wait(8_000).play(pass(wang), choose(1));
  t.equal(kiosk.state.notice?.refusal, 'locker-unavailable', 'an open door is not offered');
});

t.test('the due date is the end of a Shanghai day, provisional when the clock is not trusted', async (t) => {
  const lend = (trust: 'trusted' | 'floor') => player({ trust }).play(pass(wang), choose(1), door(1, 'open'));
  const endOfDay = Date.parse('2026-12-21T23:59:59+08:00');
  t.match(lend('trusted').events.at(-1), { dueAt: endOfDay, dueProvisional: false });
  t.match(lend('floor').events.at(-1), { dueProvisional: true });
});

t.test('every refusal has its reason and moves nothing', async (t) => {
  const cases = [
    ['an empty locker', player().play(pass(wang), choose(3)), 'locker-empty'],
    ['a locker that does not exist', player().play(pass(wang), choose(9)), 'locker-unavailable'],
    [
      'a door that stands open',
      player({ ready: false }).play(ready(null, doorsAll('open')), choose(1)),
      'locker-unavailable',
    ],
    ['a door nobody knows about', player().play(door(1, 'unknown'), choose(1)), 'locker-unavailable'],
    ['no board', player({ ready: false }).play(choose(1)), 'out-of-service'],
    ['a pass with no board', player({ ready: false }).play(pass(wang)), 'out-of-service'],
    [
      'a journal that cannot be written',
      player().play({ kind: 'journal-failed' }, choose(1)),
      'out-of-service',
    ],
    ['a forged pass', player().play({ kind: 'scan-refused', refusal: 'pass-forged' }), 'pass-forged'],
  ] as const;
  for (const [name, kiosk, refusal] of cases) {
    t.equal(kiosk.state.notice?.refusal, refusal, name);
    t.strictSame([kiosk.effects, kiosk.eventTypes()], [[], []], `${name}: nothing moves`);
  }
});

t.test('a second person waits until the door at hand is done with', async (t) => {
  const kiosk = player().play(pass(wang), choose(1));
  for (const input of [pass(li), choose(2), { kind: 'cancelled' } as const]) {
    t.equal(kiosk.play(input).state.notice?.refusal, 'busy');
  }
  t.equal(kiosk.effects.length, 1, 'one door at a time');
  kiosk.play(door(1, 'open'), door(1, 'closed'), pass(li), choose(2));
  t.equal(kiosk.effects.length, 2, 'right after the farewell begins, the next visit may start');
});

t.test('a patron at the limit is refused at once, before choosing', async (t) => {
  const kiosk = player();
  for (const locker of [1, 2])
    kiosk.play(pass(wang), choose(locker), door(locker, 'open'), door(locker, 'closed'));
  t.equal(kiosk.play(pass(wang)).state.notice?.refusal, 'loan-limit');
});

t.test('after the refusal of a patron at the limit, the visit before does not continue', async (t) => {
  const kiosk = player().play(show(strangeBook), door(3, 'open'), door(3, 'closed'));
  for (const locker of [1, 2])
    kiosk.play(pass(wang), choose(locker), door(locker, 'open'), door(locker, 'closed'));
  kiosk.play(pass(li), pass(wang));
  t.match(kiosk.state, { visit: { kind: 'choosing', holder: wang }, notice: { refusal: 'loan-limit' } });
  t.match(kiosk.play(choose(3)).state, { visit: { kind: 'choosing' }, notice: { refusal: 'loan-limit' } });
  t.equal(kiosk.effects.length, 3, 'and no door opens');
});

t.test('somebody who walks away leaves the kiosk free again', async (t) => {
  for (const start of [pass(wang), choose(1)]) {
    const kiosk = player().play(start).wait(60_000);
    t.match(kiosk.state.visit, { kind: 'farewell', outcome: { kind: 'timed-out' } });
    t.equal(kiosk.wait(8_000).state.visit.kind, 'idle');
  }
  t.equal(player().play(pass(wang), { kind: 'cancelled' }).state.visit.kind, 'idle');
});

t.test('a board that reconnects without a pending unlock changes nothing', async (t) => {
  const kiosk = player().play(lost);
  t.equal(
    kiosk.state.doors.get(lockerNo(1)),
    'unknown',
    'a door is never reported closed when it is not known',
  );
  t.strictSame(kiosk.play(ready()).eventTypes(), []);
});

t.test('who is blocked while she chooses gets no book', async (t) => {
  const kiosk = player().play(pass(wang));
  const directory = { ...kiosk.state.directory, blocked: new Set([wang.patron]) };
  kiosk.play({ kind: 'directory-updated', directory }, choose(1));
  t.match(kiosk.state, { visit: { kind: 'idle' }, notice: { refusal: 'patron-blocked' } });
  t.strictSame(kiosk.effects, []);
});
