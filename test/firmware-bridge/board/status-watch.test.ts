import t from 'tap';
import { StatusWatch } from '../../../firmware-bridge/board/status-watch.js';
import { limits } from '../../../src/kernel/limits.js';

const quiet = {
  kind: 'status',
  bootId: 1,
  uptimeS: 1,
  resetCause: 1,
  locksOn: 0,
  badFrames: 3,
  ignoredWrites: 0,
  guardTrips: 1,
  rxOverruns: 0,
  freeRam: 4_000,
  loopMaxUs: 500,
} as const;

t.test('takes what was counted before for past', async (t) => {
  t.same(new StatusWatch(quiet).take(quiet, 0), []);
});

t.test('names what has grown', async (t) => {
  const watch = new StatusWatch(quiet);
  t.same(watch.take({ ...quiet, guardTrips: 2, badFrames: 5, rxOverruns: 1 }, 0), [
    { code: 'board.guard-tripped', counter: 'guardTrips', grownBy: 1 },
    { code: 'board.frames-lost', counter: 'badFrames', grownBy: 2 },
    { code: 'board.frames-lost', counter: 'rxOverruns', grownBy: 1 },
  ]);
});

t.test('complains about a counter seldom, and leaves nothing out', async (t) => {
  const watch = new StatusWatch(quiet);
  const at = (nowMs: number) => watch.take({ ...quiet, badFrames: 3 + nowMs / 500 }, nowMs);
  const complaints = [];
  for (let nowMs = 500; nowMs <= 2 * limits.boardCounterLogEveryMs + 500; nowMs += 500)
    complaints.push(...at(nowMs));
  t.equal(complaints.length, 3);
  t.equal(
    complaints.reduce((sum, { grownBy }) => sum + grownBy, 0),
    (2 * limits.boardCounterLogEveryMs + 500) / 500,
  );
});
