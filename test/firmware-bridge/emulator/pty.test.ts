import { spawn } from 'node:child_process';
import { constants, existsSync, openSync, readdirSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import t, { type Test } from 'tap';
import { openPty } from '../../../firmware-bridge/emulator/pty.js';
import { openPort, type Port } from '../../../firmware-bridge/port/index.js';
import { until } from '../../support/until.js';

const baudRate = 57_600;

function device(t: Test) {
  const pty = openPty();
  t.teardown(() => pty.close());
  let got = '';
  pty.stream.on('data', (bytes: Buffer) => {
    got += bytes.toString('latin1');
  });
  return { pty, got: () => got };
}

function listen(port: Port) {
  let text = '';
  port.onData((bytes) => {
    text += Buffer.from(bytes).toString('latin1');
  });
  return () => text;
}

t.test('a serial port opens it and bytes of every value pass both ways unchanged', async (t) => {
  const { pty, got } = device(t);
  const port = await openPort(pty.path, { baudRate });
  t.teardown(() => port.close());
  const text = listen(port);
  const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  port.write(every);
  await until(() => got().length === 256);
  t.equal(got(), every.toString('latin1'));
  t.equal(pty.write(every), 256);
  await until(() => text().length === 256);
  t.equal(text(), every.toString('latin1'));
});

t.test('the port may be closed and opened again; what was said meanwhile is not heard later', async (t) => {
  const { pty, got } = device(t);
  pty.write(Buffer.from('early'));
  const first = await openPort(pty.path, { baudRate });
  first.write(Buffer.from('1'));
  await until(() => got() === '1');
  await first.close();
  pty.write(Buffer.from('stale'));
  const second = await openPort(pty.path, { baudRate });
  t.teardown(() => second.close());
  const text = listen(second);
  second.write(Buffer.from('2'));
  await until(() => got() === '12');
  pty.write(Buffer.from('fresh'));
  await until(() => text() === 'fresh');
});

t.test('unplugging is noticed by the program at the port', async (t) => {
  const { pty, got } = device(t);
  const port = await openPort(pty.path, { baudRate });
  listen(port);
  let ended = false;
  port.onClose(() => {
    ended = true;
  });
  port.write(Buffer.from('x'));
  await until(() => got() === 'x');
  pty.unplug();
  await until(() => ended);
  t.equal(pty.write(Buffer.from('y')), 0);
  await until(() => !existsSync(pty.path), 'the device is gone');
  pty.unplug();
});

t.test('a child process does not keep the port alive', async (t) => {
  const { pty } = device(t);
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  t.teardown(() => child.kill());
  await pty.close();
  t.notOk(existsSync(pty.path));
});

t.test(
  'nobody reading, a write takes only what fits, and the stream goes on when somebody reads',
  async (t) => {
    const { pty } = device(t);
    let taken = 0;
    for (let more = -1; more !== 0; taken += more) more = pty.write(Buffer.alloc(4_096, 'a'));
    t.ok(taken > 0 && taken < 200_000, `${taken} bytes`);
    pty.stream.write(Buffer.from('waiting'));
    // Opened without serialport, which would throw away what waits.
    const port = new ReadStream(openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY));
    t.teardown(() => port.destroy());
    let text = '';
    port.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
    });
    await until(() => text.length === taken + 'waiting'.length);
    t.ok(text.endsWith('awaiting'));
  },
);

t.test('closing leaves no descriptor behind', async (t) => {
  const open = () => readdirSync('/proc/self/fd').length;
  await openPty().close();
  const before = open();
  await openPty().close();
  t.equal(open(), before);
});
