import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import t, { type Test } from 'tap';
import { openPort, type Port } from '../../../firmware-bridge/port/index.js';
import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { openPty, type Pty } from '../../support/pty.js';
import { until } from '../../support/until.js';

interface Plugged {
  readonly pty: Pty;
  readonly port: Port;
  readonly fromDevice: number[];
  readonly fromProgram: number[];
  /** What the port said at its end; undefined while it is open. */
  ending(): Fault | null | undefined;
}

async function plug(test: Test): Promise<Plugged> {
  const pty = openPty();
  const port = await openPort(pty.path, { baudRate: 57_600 });
  test.teardown(async () => {
    await port.close();
    pty.unplug();
  });
  const fromDevice: number[] = [];
  const fromProgram: number[] = [];
  let ending: Fault | null | undefined;
  port.onData((bytes) => fromDevice.push(...bytes));
  port.onClose((fault) => {
    ending = fault;
  });
  pty.onData((bytes) => fromProgram.push(...bytes));
  return { pty, port, fromDevice, fromProgram, ending: () => ending };
}

t.test('carries bytes of every value both ways', async (t) => {
  const { pty, port, fromDevice, fromProgram } = await plug(t);
  const all = Uint8Array.from({ length: 256 }, (_, value) => value);
  pty.write(all);
  port.write(all);
  await until(() => fromDevice.length >= 256 && fromProgram.length >= 256);
  t.same(fromDevice, [...all]);
  t.same(fromProgram, [...all]);
});

t.test('has handed the bytes to the system when write returns', async (t) => {
  const pty = openPty();
  const port = await openPort(pty.path, { baudRate: 57_600 });
  t.teardown(async () => {
    await port.close();
    pty.unplug();
  });
  port.write(Uint8Array.of(1, 2, 3));
  t.same([...pty.readNow()], [1, 2, 3]);
});

t.test('refuses a second opener by name of the holder', async (t) => {
  const { pty } = await plug(t);
  await t.rejects(openPort(pty.path, { baudRate: 57_600 }), {
    code: 'port.busy',
    message: /this program itself/,
  });
});

/** Runs a second program that opens `path`; resolves with what it says then. It lives until its input ends. */
async function secondProgram(test: Test, path: string): Promise<{ pid: number | undefined; said: string }> {
  const program = `
    const { openPort } = await import(${JSON.stringify(new URL('../../../firmware-bridge/port/index.js', import.meta.url))});
    const said = await openPort(process.argv[1], { baudRate: 57600 }).then(() => 'open', (fault) => fault.message);
    process.stdout.write(said + '\\n');
    process.stdin.resume().on('end', () => process.exit());`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  test.teardown(() => child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  return { pid: child.pid, said: String(said).trim() };
}

t.test('says which other program has the device, and does not touch it', async (t) => {
  const pty = openPty();
  t.teardown(() => pty.unplug());
  const { pid, said } = await secondProgram(t, pty.path);
  t.equal(said, 'open');
  // Something that every opening undoes.
  execFileSync('stty', ['-F', pty.path, 'ixon']);
  await t.rejects(openPort(pty.path, { baudRate: 9_600 }), {
    code: 'port.busy',
    message: `port.busy: ${pty.path} is held by node (process ${pid})`,
  });
  t.match(execFileSync('stty', ['-a', '-F', pty.path], { encoding: 'utf8' }), / ixon/);
});

t.test('is named to another program that wants the device', async (t) => {
  const { pty } = await plug(t);
  const { said } = await secondProgram(t, pty.path);
  const program = basename(process.argv[1] ?? '');
  t.equal(said, `port.busy: ${pty.path} is held by node ${program} (process ${process.pid})`);
});

t.test('says what is wrong with a path that is no device', async (t) => {
  const missing = openPort('/dev/no-such-device', { baudRate: 57_600 });
  await t.rejects(missing, { code: 'port.unavailable', message: /No such file.*no-such-device/ });
});

t.test('reports an unplugged device once, and writes nothing afterwards', async (t) => {
  const { pty, port, ending } = await plug(t);
  pty.unplug();
  await until(() => ending() !== undefined);
  t.match(ending(), { code: 'port.lost' });
  port.write(Uint8Array.of(1));
  await port.close();
});

t.test('closes when asked, says so, and leaves the device free', async (t) => {
  const { pty, port, ending } = await plug(t);
  await port.close();
  t.equal(ending(), null);
  await (await openPort(pty.path, { baudRate: 57_600 })).close();
});

t.test('queues for a slow device in order, and reads on meanwhile', async (t) => {
  const { pty, port, fromProgram, fromDevice, ending } = await plug(t);
  pty.pause();
  const sent = (await kernelCapacityBytes()) + limits.portWriteQueueBytes / 2;
  for (let left = sent; left > 0; left -= 64) {
    port.write(new Uint8Array(Math.min(64, left)));
    await new Promise(setImmediate);
  }
  port.write(Uint8Array.of(251, 252, 253));
  pty.write(Uint8Array.of(9));
  await until(() => fromDevice.length === 1, 'input is read while output waits');
  pty.resume();
  await until(() => fromProgram.length === sent + 3);
  t.same(fromProgram.slice(-4), [0, 251, 252, 253]);
  t.equal(ending(), undefined);
});

t.test('gives up a device that takes nothing', async (t) => {
  const { pty, port, ending } = await plug(t);
  pty.pause();
  const tooMuch = (await kernelCapacityBytes()) + 4 * limits.portWriteQueueBytes;
  for (let sent = 0; sent < tooMuch; sent += 512) port.write(new Uint8Array(512));
  await until(() => ending() !== undefined);
  t.match(ending(), { code: 'port.lost', message: /takes no bytes/ });
});

t.test('gives a new opener nothing of what an old port was asked to write', async (t) => {
  const { pty, port, fromProgram } = await plug(t);
  await port.close();
  port.write(Uint8Array.of(0x55));
  const next = await openPort(pty.path, { baudRate: 57_600 });
  t.teardown(() => next.close());
  next.write(Uint8Array.of(0x66));
  await until(() => fromProgram.length > 0);
  t.same(fromProgram, [0x66]);
});

/** How much the kernel itself takes for a device that reads nothing, once it has put its own buffers in order. */
async function kernelCapacityBytes(): Promise<number> {
  const pty = openPty();
  const program = openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  let taken = 0;
  for (let before = -1; taken > before; await new Promise((resolve) => setTimeout(resolve, 20))) {
    before = taken;
    taken += fill(program);
  }
  closeSync(program);
  pty.unplug();
  return taken;
}

function fill(fd: number): number {
  let taken = 0;
  try {
    for (;;) taken += writeSync(fd, new Uint8Array(512));
  } catch {
    return taken;
  }
}
