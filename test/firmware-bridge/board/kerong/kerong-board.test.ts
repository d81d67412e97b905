import t from 'tap';
import { lockerNo } from '../../../../src/kernel/ids.js';
import { watch } from '../../../support/board-events.js';
import { kerong16, kerong24, plugKerong } from '../../../support/plugged-kerong.js';
import { virtualHost } from '../../../support/virtual-host.js';

const seven = lockerNo(7);
/** What reached the board, as requests. */
const requestsIn = (bytes: readonly number[]) =>
  (
    Buffer.from(bytes)
      .toString('hex')
      .match(/02......03../g) ?? []
  ).map((hex) => hex.slice(2, 8));

for (const [description, name] of [
  [kerong24, 'kerong cu48'],
  [kerong16, 'kerong cu16'],
] as const) {
  t.test(`${name}: is ready once two polls agreed, every door known`, async (t) => {
    const plugged = plugKerong(t, description);
    plugged.wired.forceDoor(3);
    const { next } = watch(t, { ...plugged.at, description });
    const ready = await next('ready');
    t.match(ready, { firmware: name, bootId: 0, lastPulse: null });
    t.equal(ready.doors.size, description.lockers.length);
    t.same(
      [...ready.doors].flatMap(([locker, door]) => (door === 'closed' ? [] : [[locker, door]])),
      [[3, 'open']],
    );
    t.same(new Set(ready.items.values()), new Set(['unknown']));
    t.equal(ready.chattering.size, 0);
  });

  t.test(`${name}: unlocks one door, sees it spring open and be shut`, async (t) => {
    const plugged = plugKerong(t, description);
    const { board, next, of } = watch(t, { ...plugged.at, description });
    await next('ready');
    board.unlock(seven, 5, 'normal');
    const done = await next('pulse', 2);
    t.match(of('pulse'), [
      { locker: 7, tag: 5, outcome: { kind: 'accepted' } },
      { locker: 7, tag: 5, outcome: { kind: 'done' } },
    ]);
    t.ok(done.outcome.kind === 'done' && done.outcome.measuredMs < 600, JSON.stringify(done.outcome));
    t.match(await next('door'), { locker: 7, door: 'open' });
    t.same(
      plugged.act(() => plugged.wired.closeDoor(7)),
      { ok: true },
    );
    t.match(await next('door', 2), { locker: 7, door: 'closed' });
    t.equal(of('noise').length, 0);
  });
}

t.test('with the bit wired the other way round, doors are as they are', async (t) => {
  const description = { ...kerong24, hookBit: 'unlocked' as const };
  const plugged = plugKerong(t, description);
  const { board, next } = watch(t, { ...plugged.at, description });
  const ready = await next('ready');
  t.same(new Set(ready.doors.values()), new Set(['closed']));
  board.unlock(seven, 1, 'normal');
  t.match(await next('door'), { locker: 7, door: 'open' });
});

t.test('a hook that does not let go leaves the unlock unanswered, and is not asked again', async (t) => {
  const plugged = plugKerong(t);
  plugged.wired.jamLatch(7, true);
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 5, 'normal');
  t.match((await next('pulse', 2)).outcome, { kind: 'unanswered' });
  t.same(of('door'), []);
  const unlocks = requestsIn(plugged.heard).filter((request) => request.endsWith('51'));
  t.same(unlocks, ['000651']);
});

t.test('one unlock at a time; the next waits until the coil before has its rest', async (t) => {
  const plugged = plugKerong(t);
  const { board, next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 1, 'normal');
  board.unlock(seven, 2, 'normal');
  board.unlock(lockerNo(8), 3, 'normal');
  await next('pulse', 4);
  t.match(
    of('pulse')
      .map(({ tag, outcome }) => [tag, outcome] as const)
      .sort(([a], [b]) => a - b),
    [
      [1, { kind: 'accepted' }],
      [1, { kind: 'done' }],
      [2, { kind: 'refused', reason: 'lock-busy' }],
      [3, { kind: 'refused', reason: 'too-many-locks-on' }],
    ],
  );
  const { timers } = plugged.at.host;
  const startMs = timers.nowMs;
  board.unlock(lockerNo(8), 4, 'normal');
  await next('pulse', 6);
  t.ok(timers.nowMs - startMs > 500, 'the board holds a coil for half a second');
  t.match(of('pulse').slice(4), [{ tag: 4, outcome: { kind: 'accepted' } }, { outcome: { kind: 'done' } }]);
});

t.test('a door that stands open is as good as opened', async (t) => {
  const plugged = plugKerong(t);
  plugged.wired.forceDoor(7);
  const { board, next } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  board.unlock(seven, 5, 'long');
  t.match((await next('pulse', 2)).outcome, { kind: 'done' });
});

t.test('a hook that chatters is a fault, not a hundred doors', async (t) => {
  const plugged = plugKerong(t);
  const { next, of } = watch(t, { ...plugged.at, description: kerong24 });
  await next('ready');
  plugged.act(() => plugged.wired.chatter(7, 70));
  t.match(await next('chatter'), { locker: 7, chatters: true });
  t.ok(of('door').length < 10, `${of('door').length} doors`);
  t.match(of('door').at(-1), { locker: 7, door: 'unknown' });
  plugged.act(() => plugged.wired.quiet(7));
  t.match(await next('chatter', 2), { locker: 7, chatters: false });
  await plugged.at.host.timers.until(() => of('door').at(-1)?.door === 'closed');
});

t.test('a lock that the dialect does not have is refused at once', async (t) => {
  t.throws(
    () => watch(t, { host: virtualHost(t), path: 'board', description: { ...kerong24, dialect: 'cu16' } }),
    {
      code: 'config.invalid',
      message: /a cu16 has no lock 17/,
    },
  );
});
