import { readFileSync } from 'node:fs';
import t from 'tap';
import { freeForMs } from '../../../firmware-bridge/emulator/cabinet.js';
import { CabinetModel } from '../../../firmware-bridge/emulator/cabinet-model.js';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { WiredCabinet } from '../../../firmware-bridge/emulator/wired-cabinet.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { probeHex } from '../../support/hex-file.js';
import { megaIn } from '../../support/plugged-board.js';

const mega24 = readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8');

function wired(description = mega24) {
  const machine = createMachine(probeHex());
  const wiring = megaIn(description);
  const cabinet = new WiredCabinet(machine, wiring, [{ item: 'b1', locker: 1 }]);
  let said = '';
  machine.onSent((byte) => {
    said += String.fromCharCode(byte);
  });
  machine.run(20);
  const pulse = () => machine.uart.write(Buffer.from('P'));
  /** What the probe's switch (pin 30) did meanwhile: o for open, c for closed. */
  const heardIn = (durationMs: number) => {
    said = '';
    machine.run(durationMs);
    return said;
  };
  return { machine, cabinet, pulse, heardIn, first: () => cabinet.lockers()[0] };
}

/** `mega24` with another locker 1, whose switch hangs on the pin that the probe watches. */
const withFirst = (locker: string) =>
  mega24.replace('lockPin: 30', 'lockPin: 54').replace('lockPin: 22, doorPin: 54', locker);

t.test('the relay frees the latch for as long as the board holds the pin, and a while longer', async (t) => {
  const { machine, cabinet, pulse, first } = wired();
  t.same(cabinet.openDoor(1), { ok: false, reason: 'door-latched' });
  pulse();
  machine.run(50);
  t.match(first(), { relayOn: true, lock: 'free' });
  machine.run(100);
  t.match(first(), { relayOn: false, lock: 'free' });
  machine.run(freeForMs);
  t.match(first(), { lock: 'latched' });
});

t.test('the switch follows the door, whichever way it is built', async (t) => {
  for (const kind of ['closed-when-shut', 'closed-when-open'] as const) {
    const shutLow = kind === 'closed-when-shut';
    const { cabinet, pulse, heardIn } = wired(withFirst(`lockPin: 22, doorPin: 30, doorSwitch: ${kind}`));
    pulse();
    heardIn(10);
    t.same(cabinet.openDoor(1), { ok: true });
    t.equal(heardIn(5), shutLow ? 'o' : 'c', kind);
    t.same(cabinet.closeDoor(1), { ok: true });
    t.equal(heardIn(5), shutLow ? 'c' : 'o', kind);
  }
});

t.test('the item’s switch follows the book inside, whichever way it is built', async (t) => {
  for (const kind of ['closed-when-present', 'closed-when-absent'] as const) {
    const presentLow = kind === 'closed-when-present';
    const { cabinet, heardIn } = wired(
      withFirst(`lockPin: 22, doorPin: 21, itemPin: 30, itemSwitch: ${kind}`),
    );
    cabinet.forceDoor(1);
    t.equal(heardIn(5), '');
    t.same(cabinet.takeBook(1, 'b1'), { ok: true });
    t.equal(heardIn(5), presentLow ? 'o' : 'c', kind);
    t.same(cabinet.putBook(1, 'b1'), { ok: true });
    t.equal(heardIn(5), presentLow ? 'c' : 'o', kind);
  }
});

t.test('a switch that chatters turns over in the board’s time until it is quiet', async (t) => {
  const { cabinet, heardIn } = wired(withFirst('lockPin: 22, doorPin: 30'));
  cabinet.chatter(1, 10);
  t.equal(heardIn(95), 'ocococococ');
  cabinet.quiet(1);
  t.equal(heardIn(50), '', 'closed, as the door is');
});

t.test('a book goes from a locker of one board to a locker of another', async (t) => {
  const model = new CabinetModel([1, 2], [{ item: 'b1', locker: 1 }]);
  const boards = [1, 2].map((locker) => {
    const yaml = `boards: [{ board: main, kind: mega-2560, relays: active-high, debounceMs: 30, lockers: [{ locker: 1, lockPin: 22, doorPin: 30 }] }]`;
    const mega = megaIn(yaml);
    const lockers = mega.lockers.map((each) => ({ ...each, locker: lockerNo(locker) }));
    return new WiredCabinet(createMachine(probeHex()), { ...mega, lockers }, model);
  });
  const [left, right] = boards;
  if (!left || !right) throw new Error('two boards');
  let heard = 0;
  right.onChange(() => heard++);
  left.forceDoor(1);
  right.forceDoor(2);
  t.same(left.takeBook(1, 'b1'), { ok: true });
  t.same(right.putBook(2, 'b1'), { ok: true });
  t.match(left.lockers(), [{ locker: 1, item: null }]);
  t.match(right.lockers(), [{ locker: 2, item: 'b1' }]);
  t.equal(left.lockers().length, 1, 'each board has its own lockers');
  t.ok(heard > 0);
});

t.test('an active-low relay is on only while its pin is driven low', async (t) => {
  const { machine, pulse, first } = wired(mega24.replace('active-high', 'active-low'));
  t.match(first(), { relayOn: true }, 'the probe drives the pin low at rest');
  pulse();
  machine.run(10);
  t.match(first(), { relayOn: false });
  machine.powerOff();
  t.match(first(), { relayOn: false }, 'a floating pin');
});

t.test('listeners hear of relays, hands and latches falling back, and of nothing else', async (t) => {
  const { machine, cabinet, pulse } = wired();
  let heard = 0;
  cabinet.onChange(() => heard++);
  machine.run(1_000);
  t.equal(heard, 0);
  pulse();
  machine.run(50);
  machine.run(100);
  t.equal(heard, 2, 'relay on, relay off');
  for (let ms = 0; ms < freeForMs; ms += 100) machine.run(100);
  t.equal(heard, 3, 'latch back');
  cabinet.openDoor(1);
  t.equal(heard, 3, 'a refusal changes nothing');
});
