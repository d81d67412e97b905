import t from 'tap';
import { emptyLedger, type Ledger, lockerOf } from '../../src/circulation/ledger.js';
import { boardId, itemId, lockerNo, visitNo } from '../../src/kernel/ids.js';
import { inputOfBoard, pulseTag } from '../../src/kiosk/board-input.js';

const [board, seven] = [boardId('left'), lockerNo(7)];
const visit = visitNo(0x1_0002);
const intent = {
  visit,
  purpose: 'checkin',
  item: itemId('30106000000017'),
  patron: null,
  opened: false,
} as const;
const ledger: Ledger = {
  ...emptyLedger,
  lockers: new Map([[seven, { ...lockerOf(emptyLedger, seven), intent }]]),
};
const pulse = (reason: string, tag = pulseTag(visit)) =>
  ({ kind: 'pulse', locker: seven, tag, outcome: { kind: 'refused', reason } }) as const;

t.test('a refused pulse of the current visit becomes an input with that visit', async (t) => {
  const input = inputOfBoard(board, pulse('board-not-ready'), ledger);
  t.same(input, { kind: 'lock-refused', locker: 7, visit });
});

t.test('a lock that is busy or cooling down is not refused: the core retries', async (t) => {
  t.equal(inputOfBoard(board, pulse('lock-resting'), ledger), null);
  t.equal(inputOfBoard(board, pulse('lock-busy'), ledger), null);
});

t.test('a pulse of another visit, or a successful one, is no input', async (t) => {
  t.equal(inputOfBoard(board, pulse('board-not-ready', 1), ledger), null);
  const done = { ...pulse(''), outcome: { kind: 'done', measuredMs: 500 } } as const;
  t.equal(inputOfBoard(board, done, ledger), null);
});
