import t from 'tap';
import { lockerNo } from '../../../src/kernel/ids.js';
import { framesIn, plug, watch } from '../../support/board-events.js';
import { mega24, type PluggedBoard } from '../../support/plugged-board.js';

const seven = lockerNo(7);

/** A ready board whose coils are pulsed for a moment and must rest for `restMs`; lock 7 has just been pulsed. */
async function rested(test: Parameters<typeof plug>[0], restMs: number, restWaitMs?: number) {
  const plugged = plug(test);
  const description = { ...mega24, coil: { pulseMs: 40, longPulseMs: 80, restMs } };
  const watched = watch(test, { ...plugged.at, description, ...(restWaitMs && { restWaitMs }) });
  await watched.next('ready');
  watched.board.unlock(seven, 1, 'normal');
  await watched.next('pulse', 2);
  return { plugged, timers: plugged.at.host.timers, ...watched };
}

const pulsesAsked = (plugged: PluggedBoard) =>
  framesIn(plugged.heard).filter(({ message }) => message.kind === 'pulse').length;

t.test('waits for a lock that must rest, and pulses it then', async (t) => {
  const { board, of, next, timers } = await rested(t, 300);
  const startedMs = timers.nowMs;
  board.unlock(seven, 2, 'long');
  await next('pulse', 4);
  t.ok(timers.nowMs - startedMs > 200, 'not before it has rested');
  t.same(of('pulse').slice(2), [
    { kind: 'pulse', locker: 7, tag: 2, outcome: { kind: 'accepted' } },
    { kind: 'pulse', locker: 7, tag: 2, outcome: { kind: 'done', measuredMs: 80 } },
  ]);
});

t.test('does not wait for a lock that would open after its visit', async (t) => {
  const { board, next } = await rested(t, 1_000, 500);
  board.unlock(seven, 2, 'normal');
  t.match(await next('pulse', 3), { tag: 2, outcome: { kind: 'refused', reason: 'lock-resting' } });
});

t.test('never pulses a lock it waited for once it is closed', async (t) => {
  const { plugged, board, next, timers } = await rested(t, 200);
  board.unlock(seven, 2, 'normal');
  await timers.until(() => pulsesAsked(plugged) === 2);
  // The board answers that the lock rests, and never hears the farewell's HELLO, so its session goes on.
  await timers.pass(50);
  plugged.toBoard = () => new Uint8Array();
  const closing = board.close();
  t.match(await next('pulse', 3), { tag: 2, outcome: { kind: 'refused', reason: 'lock-resting' } });
  await closing;
  t.equal(pulsesAsked(plugged), 2);
});

t.test('never pulses a lock it waited for on the next connection', async (t) => {
  const { plugged, board, next, of, timers } = await rested(t, 400);
  board.unlock(seven, 2, 'normal');
  await timers.until(() => pulsesAsked(plugged) === 2);
  await timers.pass(50);
  plugged.unplug();
  await next('lost');
  t.match(of('pulse').at(-1), { tag: 2, outcome: { kind: 'refused', reason: 'lock-resting' } });
  plugged.plug();
  await next('ready', 2);
  await timers.pass(500);
  t.equal(pulsesAsked(plugged), 2);
});
