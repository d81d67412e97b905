import { once } from 'node:events';
import t from 'tap';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { runUntil, UartStream } from '../../../firmware-bridge/emulator/uart-stream.js';
import { limits } from '../../../src/kernel/limits.js';
import { probeHex } from '../../support/hex-file.js';

t.test('says open, carries bytes both ways and makes a writer wait for the wire', async (t) => {
  const machine = createMachine(probeHex());
  const stream = new UartStream(machine);
  await once(stream, 'open');
  await runUntil(machine, () => stream.readableLength >= 4, 100);
  t.equal(String(stream.read()), '!110');
  let written = false;
  stream.write(Buffer.from('x'.repeat(100)), () => {
    written = true;
  });
  machine.run(10);
  await Promise.resolve();
  t.notOk(written, '100 bytes take 17 ms');
  await runUntil(machine, () => stream.readableLength === 100, 100);
  t.ok(written);
});

t.test('a chunk of any size goes through', async (t) => {
  const machine = createMachine(probeHex());
  const stream = new UartStream(machine);
  let got = 0;
  stream.on('data', (bytes: Buffer) => {
    got += bytes.length;
  });
  machine.run(20);
  stream.write(Buffer.alloc(10_000, 'x'));
  await runUntil(machine, () => got === 10_004, 3_000);
  t.equal(got, 10_004);
});

t.test('what nobody reads is lost beyond the limit', async (t) => {
  const machine = createMachine(probeHex());
  const stream = new UartStream(machine);
  machine.run(20);
  stream.write(Buffer.alloc(2 * limits.emulatorUartBytes, 'x'));
  await runUntil(machine, () => stream.writableLength === 0, 60_000);
  t.ok(stream.readableLength > limits.emulatorUartBytes / 2);
  t.ok(stream.readableLength <= limits.emulatorUartBytes);
});

t.test('the limit of virtual time is an error', async (t) => {
  const machine = createMachine(probeHex());
  await t.rejects(
    runUntil(machine, () => false, 5),
    { message: "not within 5 ms of the board's time" },
  );
});
