import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import five from 'johnny-five';
import t from 'tap';
import { BoardConnection } from '../../../firmware-bridge/board/connection.js';
import type { Machine } from '../../../firmware-bridge/emulator/machine.js';
import { openPort, type Port } from '../../../firmware-bridge/port/index.js';
import { Fault } from '../../../src/kernel/faults.js';
import { mega24, newMachine } from '../../support/plugged-board.js';
import { openPty } from '../../support/pty.js';
import { silentLog } from '../../support/silent-log.js';
import { until } from '../../support/until.js';

const nothing = () => undefined;

/** A line straight into a board whose time runs as fast as the computer can. */
class FastPort implements Port {
  readonly path = 'fast';
  #open = true;
  #onClose: (fault: Fault | null) => void = nothing;

  constructor(private readonly machine: Machine) {}

  onData(listener: (bytes: Uint8Array) => void): void {
    let sent: number[] = [];
    const stop = this.machine.onSent((byte) => sent.push(byte));
    const step = () => {
      if (!this.#open) {
        stop();
        return;
      }
      this.machine.run(2);
      if (sent.length > 0) listener(Uint8Array.from(sent));
      sent = [];
      setImmediate(step);
    };
    step();
  }

  onClose(listener: (fault: Fault | null) => void): void {
    this.#onClose = listener;
  }

  write(bytes: Uint8Array): void {
    if (this.#open) this.machine.uart.write(bytes);
  }

  async close(): Promise<void> {
    if (this.#open) process.nextTick(() => this.#onClose(null));
    this.#open = false;
  }

  unplug(): void {
    this.#open = false;
    this.#onClose(new Fault('port.lost', 'unplugged'));
  }
}

/** One connection to its readiness and its end; leaves only a weak trace of it. `machine` may be without power. */
async function liveOnce(machine: Machine): Promise<WeakRef<BoardConnection>> {
  const port = new FastPort(machine);
  if (!machine.running) setTimeout(() => port.unplug(), 1);
  const connection = new BoardConnection({
    port,
    description: mega24,
    log: silentLog,
    restWaitMs: 0,
    knownBootId: undefined,
    onEvent: ({ kind }) => void (kind === 'ready' && setImmediate(() => port.unplug())),
  });
  const fault = await connection.run();
  if (fault?.cause === undefined) throw new Error(`not unplugged: ${fault?.message}`);
  await connection.close();
  return new WeakRef(connection);
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

for (const power of ['on', 'off'] as const) {
  t.test(`fifty connections to a board with its power ${power} leave nothing behind`, async (t) => {
    const { cache } = five.Board as unknown as { cache: unknown[] };
    const machine = newMachine();
    if (power === 'off') machine.powerOff();
    await liveOnce(machine);
    const listeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = { boards: cache.length, listeners: listeners(), timers: timers() };

    const traces: WeakRef<BoardConnection>[] = [];
    for (let cycle = 0; cycle < 50; cycle += 1) traces.push(await liveOnce(machine));

    t.same({ boards: cache.length, listeners: listeners(), timers: timers() }, before);
    await new Promise((resolve) => setTimeout(resolve, 10));
    collectGarbage();
    const alive = traces.filter((trace) => trace.deref() !== undefined).length;
    t.ok(alive <= 5, `${alive} connections are still in memory`);
  });
}

/** One connection over a port of the system to a board that is unplugged as soon as it is ready. */
async function liveOncePlugged(machine: Machine): Promise<void> {
  const pty = openPty();
  let plugged = true;
  pty.onData((bytes) => machine.uart.write(Buffer.from(bytes)));
  const stop = machine.onSent((byte) => pty.write(Uint8Array.of(byte)));
  const step = () => {
    machine.run(2);
    if (plugged) setImmediate(step);
  };
  const connection = new BoardConnection({
    port: await openPort(pty.path, { baudRate: 57_600 }),
    description: mega24,
    log: silentLog,
    restWaitMs: 0,
    knownBootId: undefined,
    onEvent: ({ kind }) => void (kind === 'ready' && pty.unplug()),
  });
  step();
  const fault = await connection.run();
  plugged = false;
  stop();
  if (fault?.cause === undefined) throw new Error(`not unplugged: ${fault?.message}`);
  await connection.close();
}

t.test('twenty unplugs leave no descriptor, timer, handle or listener behind', async (t) => {
  const machine = newMachine();
  const left = () => ({
    descriptors: readdirSync('/proc/self/fd').length,
    resources: process.getActiveResourcesInfo().sort(),
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  });
  await liveOncePlugged(machine);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = left();
  for (let cycle = 0; cycle < 20; cycle += 1) await liveOncePlugged(machine);
  await until(() => JSON.stringify(left()) === JSON.stringify(before), 'all is let go', 1_000).catch(nothing);
  t.same(left(), before);
});
