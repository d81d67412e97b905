import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import five from 'johnny-five';
import t from 'tap';
import { BoardConnection } from '../../../firmware-bridge/board/connection.js';
import type { Machine } from '../../../firmware-bridge/emulator/machine.js';
import { openPort } from '../../../firmware-bridge/port/index.js';
import { silentLog } from '../../../src/kernel/log.js';
import { realTimers } from '../../../src/kernel/wait.js';
import { plug } from '../../support/board-events.js';
import { mega24, newMachine, type PluggedBoard } from '../../support/plugged-board.js';
import { openPty } from '../../support/pty.js';
import { until } from '../../support/until.js';

const nothing = () => undefined;

/** One connection to its readiness and its end; leaves only a weak trace of it. The board may be without power. */
async function liveOnce(plugged: PluggedBoard): Promise<WeakRef<BoardConnection>> {
  const { host, path } = plugged.at;
  const { timers } = host;
  if (!plugged.machine.running) timers.wait(20, () => plugged.unplug());
  const connection = new BoardConnection({
    port: await host.openPort(path, { baudRate: 57_600 }),
    description: mega24,
    timers,
    log: silentLog,
    restWaitMs: 0,
    knownBootId: undefined,
    onEvent: ({ kind }) => void (kind === 'ready' && plugged.unplug()),
  });
  const fault = await connection.run();
  if (fault?.cause === undefined) throw new Error(`not unplugged: ${fault?.message}`);
  await connection.close();
  plugged.plug();
  return new WeakRef(connection);
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

for (const power of ['on', 'off'] as const) {
  t.test(`fifty connections to a board with its power ${power} leave nothing behind`, async (t) => {
    const { cache } = five.Board as unknown as { cache: unknown[] };
    const plugged = plug(t);
    const { timers } = plugged.at.host;
    if (power === 'off') plugged.machine.powerOff();
    await liveOnce(plugged);
    const left = () => ({
      boards: cache.length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      // The libraries' own.
      timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
      waits: timers.pending,
    });
    const before = left();

    const traces: WeakRef<BoardConnection>[] = [];
    for (let cycle = 0; cycle < 50; cycle += 1) traces.push(await liveOnce(plugged));

    t.same(left(), before);
    await timers.pass(10);
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
    timers: realTimers,
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
