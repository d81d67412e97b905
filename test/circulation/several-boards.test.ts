import t from 'tap';
import { alertsOf } from '../../src/circulation/alerts.js';
import type { Input } from '../../src/circulation/input.js';
import { boardId, type LockerNo, lockerNo } from '../../src/kernel/ids.js';
import { card } from './every-pair.js';
import { choose, door, pass, player, show, strangeBook, wang } from './player.js';

const left = { board: boardId('left'), lockers: [1, 3].map(lockerNo) };
const right = { board: boardId('right'), lockers: [2, 4].map(lockerNo) };

const ready = ({ board, lockers }: typeof left): Input => ({
  kind: 'board-ready',
  board,
  doors: new Map(lockers.map((locker) => [locker, 'closed' as const])),
  items: new Map(),
  chattering: new Set<LockerNo>(),
  lastPulse: null,
});
const lost = ({ board }: typeof left): Input => ({ kind: 'board-lost', board });
const cabinet = () =>
  player({ ready: false, boards: new Map([left, right].map(({ board, lockers }) => [board, lockers])) });

t.test('with one board ready its lockers lend and take back, the others are unknown', async (t) => {
  const kiosk = cabinet().play(ready(right), show(strangeBook));
  t.match(kiosk.effects, [{ locker: 4 }], 'locker 3 is empty too, but nobody knows its door');
  kiosk.play(door(4, 'open'), door(4, 'closed'), pass(wang), choose(1));
  t.match(kiosk.state.notice, { refusal: 'locker-unavailable' });
  t.match(kiosk.play(choose(2)).effects.at(-1), { locker: 2 });
  t.same(alertsOf(kiosk.state), [{ code: 'board.lost', board: 'left' }]);
});

t.test('a lost board takes its own lockers out of use, and no visit elsewhere', async (t) => {
  const kiosk = cabinet().play(ready(left), ready(right), pass(wang), choose(2), lost(left));
  t.match(kiosk.state.visit, { kind: 'opening', locker: 2 });
  t.same([...kiosk.state.doors.values()], ['unknown', 'unknown', 'closed', 'closed']);
  t.equal(kiosk.play(door(2, 'open'), door(2, 'closed')).eventTypes().at(-1), 'checkout-completed');
  t.same(alertsOf(kiosk.play(ready(left)).state), []);
  t.match(kiosk.play(pass(wang), choose(1)).effects.at(-1), { locker: 1 });
});

t.test(
  'a visit at a locker of a lost board ends with a message; one without a chosen locker continues',
  async (t) => {
    const waiting = () => cabinet().play(ready(left), ready(right), choose(1));
    t.match(waiting().play(lost(left)).state, {
      visit: { kind: 'idle' },
      notice: { refusal: 'locker-unavailable' },
    });
    t.match(waiting().play(lost(right)).state.visit, { kind: 'identifying', locker: 1 });
    const atPin = () => waiting().play(card);
    t.match(atPin().play(lost(left)).state.notice, { refusal: 'locker-unavailable' });
    t.match(atPin().play(lost(right)).state.visit, { kind: 'pin', locker: 1 });
    t.match(cabinet().play(ready(left), card, lost(left)).state, {
      visit: { kind: 'idle' },
      notice: { refusal: 'out-of-service' },
    });
    const choosing = cabinet().play(ready(left), ready(right), pass(wang), lost(left));
    t.match(choosing.state.visit, { kind: 'choosing' });
    t.match(choosing.play(lost(right)).state, {
      visit: { kind: 'idle' },
      notice: { refusal: 'out-of-service' },
    });
  },
);

t.test('a board’s last pulse does not settle lockers of another board', async (t) => {
  const kiosk = cabinet().play(ready(left), ready(right), pass(wang), choose(2)).restart();
  const pulse = { tag: 1, locker: lockerNo(2), opened: false };
  kiosk.play({ ...ready(left), lastPulse: pulse } as Input);
  t.same(kiosk.eventTypes(), ['checkout-intended']);
  kiosk.play({ ...ready(right), lastPulse: { ...pulse, opened: true } } as Input);
  t.same(kiosk.eventTypes(), ['checkout-intended', 'item-lent', 'checkout-completed']);
});

t.test(
  'a board that reconnects settles its own doors and does not disturb a visit at another board',
  async (t) => {
    const kiosk = cabinet().play(ready(right), pass(wang), choose(2), ready(left));
    t.match(kiosk.state.visit, { kind: 'opening', locker: 2, attempt: 1 });
    t.same(kiosk.eventTypes(), ['checkout-intended']);
  },
);
