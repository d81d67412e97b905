import t, { type Test } from 'tap';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { RealTimeRunner } from '../../../firmware-bridge/emulator/real-time.js';
import { limits } from '../../../src/kernel/limits.js';
import { probeHex } from '../../support/hex-file.js';
import { virtualHost } from '../../support/virtual-host.js';

const toleranceMs = 0.01;

/** A machine that follows a virtual clock, and both times since the start. */
function running(t: Test) {
  const { timers } = virtualHost(t);
  const machine = createMachine(probeHex());
  const runner = new RealTimeRunner(machine, timers);
  runner.start();
  t.teardown(() => runner.stop());
  const startMs = timers.nowMs;
  return { timers, machine, runner, passedMs: () => timers.nowMs - startMs };
}

t.test('the board follows the clock, and is run up to the present before it is touched', async (t) => {
  const { timers, machine, runner, passedMs } = running(t);
  // Beyond the busy time after the boot message.
  await timers.pass(300);
  const lagMs = passedMs() - machine.elapsedMs;
  t.ok(lagMs < limits.emulatorIdleMs + 2, `${lagMs} ms behind`);
  const atMs = runner.act(() => machine.elapsedMs);
  t.ok(Math.abs(atMs - passedMs()) < toleranceMs, `${atMs} ms`);
});

t.test('time during which the computer was asleep is skipped', async (t) => {
  const { timers, machine, runner, passedMs } = running(t);
  timers.stall(3_600_000);
  runner.act(() => undefined);
  t.ok(Math.abs(machine.elapsedMs - limits.emulatorLagMs) < toleranceMs, `${machine.elapsedMs} ms`);
  const skippedMs = passedMs() - machine.elapsedMs;
  await timers.pass(10);
  runner.act(() => undefined);
  t.ok(Math.abs(passedMs() - skippedMs - machine.elapsedMs) < toleranceMs, 'and it goes on from there');
});

t.test('a stopped board stands still', async (t) => {
  const { timers, machine, runner } = running(t);
  runner.stop();
  await timers.pass(100);
  runner.act(() => undefined);
  t.equal(machine.elapsedMs, 0);
});
