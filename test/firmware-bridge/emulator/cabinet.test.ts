import t from 'tap';
import {
  type CabinetState,
  closeDoor,
  forceDoor,
  freeForMs,
  type HandOutcome,
  jamLatch,
  newCabinet,
  openDoor,
  putBook,
  showLockers,
  switchRelay,
  takeBook,
} from '../../../firmware-bridge/emulator/cabinet.js';
import type { LockerSnapshot, Refusal } from '../../../firmware-bridge/emulator/snapshot.js';

const start = newCabinet(
  [1, 2],
  [
    { item: 'b1', locker: 1 },
    { item: 'b2', locker: null },
  ],
);

function did(outcome: HandOutcome): CabinetState {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.state;
}

const refusal = (outcome: HandOutcome): Refusal | null => (outcome.ok ? null : outcome.reason);
const pulsed = (state: CabinetState, atMs = 0) =>
  switchRelay(switchRelay(state, 1, true, atMs), 1, false, atMs + 500);
const shown = (state: CabinetState, nowMs: number): LockerSnapshot | undefined =>
  showLockers(state, nowMs)[0];

t.test('a door opens only while its latch is free', async (t) => {
  t.equal(refusal(openDoor(start, 1, 0)), 'door-latched');
  const on = switchRelay(start, 1, true, 0);
  t.match(shown(on, 0), { lock: 'free', relayOn: true, door: 'closed' });
  t.equal(refusal(openDoor(on, 2, 0)), 'door-latched', 'its neighbour stays shut');
  t.match(shown(did(openDoor(on, 1, 0)), 0), { lock: 'free', door: 'open' });
});

t.test('a crowbar opens a latched door', async (t) => {
  const forced = did(forceDoor(start, 1));
  t.match(shown(forced, 0), { door: 'open', relayOn: false });
  t.equal(refusal(forceDoor(forced, 1)), 'door-already-open');
  t.equal(refusal(openDoor(did(closeDoor(forced, 1)), 1, 0)), 'door-latched', 'shut again, it is latched');
});

t.test('a pulsed latch waits for a hand, then falls back', async (t) => {
  const after = pulsed(start);
  t.equal(refusal(openDoor(after, 1, 500 + freeForMs - 1)), null);
  t.equal(refusal(openDoor(after, 1, 500 + freeForMs)), 'door-latched');
  t.match(shown(after, 500 + freeForMs), { lock: 'latched', relayOn: false });
});

t.test('shutting the door latches it, also within the time of the pulse that opened it', async (t) => {
  const shut = did(closeDoor(did(openDoor(pulsed(start), 1, 600)), 1));
  t.match(shown(shut, 700), { lock: 'latched', door: 'closed' });
  t.equal(refusal(openDoor(shut, 1, 700)), 'door-latched');
});

t.test('shut under a relay that is still on, the latch stays free until the relay has gone', async (t) => {
  const shut = did(closeDoor(did(openDoor(switchRelay(start, 1, true, 0), 1, 100)), 1));
  t.match(shown(shut, 200), { lock: 'free', door: 'closed' });
  t.match(shown(switchRelay(shut, 1, false, 500), 500), { lock: 'latched' }, 'the pulse is used up');
});

t.test('a stuck latch does not answer its relay until it is mended', async (t) => {
  const jammed = pulsed(jamLatch(start, 1, true));
  t.equal(refusal(openDoor(jammed, 1, 600)), 'door-latched');
  t.equal(refusal(openDoor(pulsed(jamLatch(jammed, 1, false), 1_000), 1, 1_600)), null);
});

t.test('books pass only through open doors, one to a locker', async (t) => {
  t.equal(refusal(takeBook(start, 1, 'b1')), 'door-closed');
  t.equal(refusal(putBook(start, 2, 'b2')), 'door-closed');
  const open = did(openDoor(pulsed(start), 1, 600));
  t.equal(refusal(putBook(open, 1, 'b2')), 'locker-full');
  t.equal(refusal(takeBook(open, 1, 'b2')), 'other-item-inside');
  const taken = did(takeBook(open, 1, 'b1'));
  t.same(taken.hand, ['b2', 'b1']);
  t.equal(refusal(takeBook(taken, 1, 'b1')), 'locker-empty');
  t.equal(refusal(putBook(taken, 1, 'b9')), 'item-not-on-table');
  const put = did(putBook(taken, 1, 'b2'));
  t.equal(shown(put, 600)?.item, 'b2');
  t.same(put.hand, ['b1']);
});

t.test('what is already so, and what is not there, is refused by name', async (t) => {
  const open = did(openDoor(pulsed(start), 1, 600));
  t.equal(refusal(openDoor(open, 1, 600)), 'door-already-open');
  t.equal(refusal(closeDoor(start, 1)), 'door-already-closed');
  t.equal(refusal(openDoor(start, 3, 0)), 'locker-unknown');
  t.equal(refusal(closeDoor(start, 3)), 'locker-unknown');
  t.equal(refusal(takeBook(start, 3, 'b1')), 'locker-unknown');
  t.equal(refusal(putBook(start, 3, 'b2')), 'locker-unknown');
});
