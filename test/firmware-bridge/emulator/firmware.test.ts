import { createRequire } from 'node:module';
import t from 'tap';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { runUntil, UartStream } from '../../../firmware-bridge/emulator/uart-stream.js';
import { firmwareHex } from '../../support/hex-file.js';

const require = createRequire(import.meta.url);
const { Board } = require('johnny-five');
const { Firmata } = require('firmata-io');

t.test('johnny-five’s Board reaches ready on the released firmware', async (t) => {
  const machine = createMachine(firmwareHex());
  const io = new Firmata(new UartStream(machine), { reportVersionTimeout: 0 });
  const board = new Board({ io, repl: false, sigint: false, debug: false, timeout: 20_000 });
  let ready = false;
  board.on('ready', () => {
    ready = true;
  });
  board.on('error', (error: unknown) => t.fail(String(error)));
  await runUntil(machine, () => ready, 10_000);
  t.equal(io.firmware.name, 'lening');
  t.equal(io.pins.length, 70);
});

t.test(
  'a fresh board leaves every pin an input, sleeps, and sends nothing it was not asked for',
  async (t) => {
    const machine = createMachine(firmwareHex());
    machine.run(1_000);
    const driven = Array.from({ length: 70 }, (_, pin) => pin).filter((pin) => {
      const level = machine.pinLevel(pin);
      return level === 'high' || level === 'low';
    });
    t.same(driven, []);
    const awakeBefore = machine.awakeCycles;
    const before = machine.cycles;
    machine.run(10_000);
    const share = (machine.awakeCycles - awakeBefore) / (machine.cycles - before);
    t.ok(share < 0.2, `${(share * 100).toFixed(1)} % awake`);
  },
);
