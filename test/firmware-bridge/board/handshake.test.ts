import t from 'tap';
import { encodeFrame, type Message, type MessageKind } from '../../../firmware-bridge/board/wire.js';
import { framesIn, plug, plugAndWait, watch } from '../../support/board-events.js';
import { mega24, type PluggedBoard } from '../../support/plugged-board.js';
import type { LineFault } from '../../support/plugged-device.js';

/** The board says something else than it should in its messages of one kind; the rest passes as it is. */
function misquote<Kind extends MessageKind>(kind: Kind, change: Partial<Message>): LineFault {
  return (bytes) => {
    const frames = framesIn(bytes);
    if (!frames.some(({ message }) => message.kind === kind)) return bytes;
    return Uint8Array.from(
      frames.flatMap(({ message, ...envelope }) => {
        const said = message.kind === kind ? ({ ...message, ...change } as Message) : message;
        return [...encodeFrame({ ...envelope, message: said })];
      }),
    );
  };
}

const toldSettings = (plugged: PluggedBoard) =>
  framesIn(plugged.heard).filter(({ message }) => ['settings', 'locker', 'apply'].includes(message.kind));

t.test('gives a board its settings once, and asks it anew what it has', async (t) => {
  const { plugged, board } = await plugAndWait(t);
  t.equal(toldSettings(plugged).length, 1 + mega24.lockers.length + 1);
  const hellos = framesIn(plugged.heard).filter(({ message }) => message.kind === 'hello');
  t.equal(hellos.length, 2);
  await board.close();
  plugged.heard.length = 0;
  await watch(t, { ...plugged.at, description: mega24 }).next('ready');
  t.same(toldSettings(plugged), []);
});

t.test('configures a board that has the settings of another cabinet', async (t) => {
  const { plugged, board } = await plugAndWait(t);
  await board.close();
  const [first, second] = mega24.lockers;
  if (!first || !second) throw new Error('no lockers');
  const lockers = [
    { ...first, lockPin: second.lockPin },
    { ...second, lockPin: first.lockPin },
  ];
  const other = watch(t, { ...plugged.at, description: { ...mega24, lockers } });
  t.same([...(await other.next('ready')).doors.keys()], [1, 2]);
  other.board.unlock(first.locker, 1, 'normal');
  await other.next('pulse');
  t.same(plugged.locksOn(), [second.locker], 'the pins of the new description are live');
});

t.test('has a board out of service that took its settings and says it has others', async (t) => {
  const plugged = plug(t);
  plugged.fromBoard = misquote('welcome', { settingsCrc: 0xbad });
  const { next, of } = watch(t, { ...plugged.at, description: mega24 });
  t.match((await next('lost')).fault, {
    code: 'board.disagrees',
    message: /took its settings \([0-9a-f]{4}\) but has others \(0bad\)/,
  });
  t.equal(of('ready').length, 0);
});

t.test('trusts no board with a lock on that was told to be off', async (t) => {
  const plugged = plug(t);
  plugged.fromBoard = misquote('status', { locksOn: 1 });
  const { next, of } = watch(t, { ...plugged.at, description: mega24 });
  t.match((await next('lost')).fault, { code: 'board.disagrees', message: /1 of its locks are on/ });
  t.equal(of('ready').length, 0);
});

t.test('finds its settings on a board that was reset, and is ready sooner', async (t) => {
  const plugged = plug(t);
  const { timers } = plugged.at.host;
  const startedMs = timers.nowMs;
  const { next } = watch(t, { ...plugged.at, description: mega24 });
  await next('ready');
  const firstMs = timers.nowMs - startedMs;
  // Writing them down takes the board half a second.
  await timers.pass(800);
  plugged.heard.length = 0;
  plugged.act(() => plugged.machine.reset());
  await next('lost');
  const lostMs = timers.nowMs;
  await next('ready', 2);
  t.same(toldSettings(plugged), []);
  const againMs = timers.nowMs - lostMs;
  t.ok(againMs < firstMs, `first ready after ${firstMs} ms, again ${againMs} ms after the loss`);
});
