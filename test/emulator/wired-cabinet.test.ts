import { readFileSync } from 'node:fs';
import t from 'tap';
import { freeForMs } from '../../firmware-bridge/emulator/cabinet.js';
import { createMachine } from '../../firmware-bridge/emulator/machine.js';
import { WiredCabinet } from '../../firmware-bridge/emulator/wired-cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { probeHex } from '../support/hex-file.js';
import { megaIn } from '../support/plugged-board.js';

const mega24 = readFileSync(new URL('hardware/mega-24.yaml', packageRoot), 'utf8');

function wired(description = mega24) {
  const machine = createMachine(probeHex());
  const wiring = megaIn(description);
  const cabinet = new WiredCabinet(machine, wiring, [{ item: 'b1', locker: 1 }]);
  machine.run(20);
  const pulse = () => machine.uart.write(Buffer.from('P'));
  return { machine, cabinet, pulse, first: () => cabinet.lockers()[0] };
}

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
    const text = mega24
      .replace('doorPin: 54', `doorPin: 30, doorSwitch: ${kind}`)
      .replace('lockPin: 30', 'lockPin: 54');
    const { machine, cabinet, pulse } = wired(text);
    let said = '';
    machine.onSent((byte) => {
      said += String.fromCharCode(byte);
    });
    pulse();
    machine.run(10);
    said = '';
    t.same(cabinet.openDoor(1), { ok: true });
    machine.run(5);
    t.equal(said, shutLow ? 'o' : 'c', kind);
    t.same(cabinet.closeDoor(1), { ok: true });
    machine.run(5);
    t.equal(said, shutLow ? 'oc' : 'co', kind);
  }
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
