import t, { type Test } from 'tap';
import { type BoardEvent, createCabinetBoards } from '../../../firmware-bridge/board/index.js';
import type { MegaBoard } from '../../../hardware/cabinet.js';
import { type BoardId, boardId, lockerNo } from '../../../src/kernel/ids.js';
import { silentLog } from '../../../src/kernel/log.js';
import { mega24, PluggedBoard } from '../../support/plugged-board.js';
import { virtualHost } from '../../support/virtual-host.js';

const [left, right] = [boardId('left'), boardId('right')];

/** A board of two lockers, which stand in the description in the order given. */
const boardWith = (board: BoardId, ...numbers: number[]): MegaBoard => ({
  ...mega24,
  board,
  coil: { pulseMs: 40, longPulseMs: 80, restMs: 0 },
  lockers: numbers.flatMap((number, index) => {
    const wired = mega24.lockers[index];
    return wired ? [{ ...wired, locker: lockerNo(number) }] : [];
  }),
});

async function bothReady(test: Test) {
  const cabinet = { boards: [boardWith(left, 1, 2), boardWith(right, 4, 3)] };
  const host = virtualHost(test);
  const { until } = host.timers;
  const plugged = cabinet.boards.map((board) => new PluggedBoard(host, board));
  const [leftBoard, rightBoard] = plugged;
  if (!leftBoard || !rightBoard) throw new Error('unreachable');
  const events: (BoardEvent & { board: BoardId })[] = [];
  const boards = createCabinetBoards({
    cabinet,
    ports: new Map([
      [left, leftBoard.path],
      [right, rightBoard.path],
    ]),
    host,
    log: silentLog,
    onEvent: (board, event) => events.push({ board, ...event }),
  });
  test.teardown(() => boards.close());
  boards.start();
  const heard = (board: BoardId, kind: BoardEvent['kind']) =>
    events.filter((event) => event.board === board && event.kind === kind);
  await until(() => heard(left, 'ready').length === 1 && heard(right, 'ready').length === 1, 'both ready');
  return { boards, events, heard, leftBoard, rightBoard, until };
}

t.test('each board tells of its own lockers, by the numbers on their doors', async (t) => {
  const { boards, heard, rightBoard, until } = await bothReady(t);
  const doorsOf = (board: BoardId) =>
    heard(board, 'ready').flatMap((event) => (event.kind === 'ready' ? [...event.doors] : []));
  t.same(doorsOf(left), [
    [1, 'closed'],
    [2, 'closed'],
  ]);
  t.same(doorsOf(right), [
    [4, 'closed'],
    [3, 'closed'],
  ]);
  boards.unlock(lockerNo(3), 7, 'normal');
  await until(() => rightBoard.locksOn().length > 0, 'a lock that is on');
  t.same(rightBoard.locksOn(), [3]);
  rightBoard.act(() => rightBoard.cabinet.openDoor(3));
  await until(() => heard(right, 'door').length === 1);
  t.match(heard(right, 'door'), [{ locker: 3, door: 'open' }]);
  rightBoard.act(() => rightBoard.machine.reset());
  await until(() => heard(right, 'ready').length === 2, 'ready again');
  t.match(heard(right, 'ready').at(-1), { lastPulse: { tag: 7, locker: 3, opened: true } });
});

t.test('one board is lost and found while the other goes on', async (t) => {
  const { boards, heard, leftBoard, rightBoard, until } = await bothReady(t);
  leftBoard.unplug();
  await until(() => heard(left, 'lost').length === 1);
  boards.unlock(lockerNo(1), 1, 'normal');
  t.match(heard(left, 'pulse'), [{ locker: 1, outcome: { kind: 'refused', reason: 'board-not-ready' } }]);
  boards.unlock(lockerNo(4), 2, 'normal');
  await until(() => heard(right, 'pulse').length === 2);
  t.match(heard(right, 'pulse').at(-1), { locker: 4, outcome: { kind: 'done' } });
  leftBoard.plug();
  await until(() => heard(left, 'ready').length === 2, 'ready again');
  t.equal(heard(right, 'lost').length, 0);
  t.equal(heard(right, 'ready').length, 1);
  t.same(rightBoard.locksOn(), []);
});
