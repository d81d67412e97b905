import t from 'tap';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { RealTimeRunner } from '../../../firmware-bridge/emulator/real-time.js';
import { limits } from '../../../src/kernel/limits.js';
import { probeHex } from '../../support/hex-file.js';
import { until } from '../../support/until.js';

t.test('the board lives in real time, and is brought up to date before it is touched', async (t) => {
  const machine = createMachine(probeHex());
  let nowMs = 5_000;
  const runner = new RealTimeRunner(machine, () => nowMs);
  runner.start();
  t.teardown(() => runner.stop());
  nowMs += 100;
  const at = runner.act(() => machine.elapsedMs);
  t.ok(Math.abs(at - 100) < 0.01, `${at} ms`);
  nowMs += 7;
  await until(() => machine.elapsedMs >= 107);
  t.ok(machine.elapsedMs < 107.01);
  nowMs += 7;
  await until(() => machine.elapsedMs >= 114);
});

t.test('time that was slept through is skipped, not caught up with', async (t) => {
  const machine = createMachine(probeHex());
  let nowMs = 0;
  const runner = new RealTimeRunner(machine, () => nowMs);
  runner.start();
  t.teardown(() => runner.stop());
  nowMs += 3_600_000;
  runner.act(() => undefined);
  t.ok(Math.abs(machine.elapsedMs - limits.emulatorLagMs) < 0.01, `${machine.elapsedMs} ms`);
  nowMs += 10;
  runner.act(() => undefined);
  t.ok(Math.abs(machine.elapsedMs - limits.emulatorLagMs - 10) < 0.01, 'and goes on from there');
});

t.test('stopped, time stands still', async (t) => {
  const machine = createMachine(probeHex());
  let nowMs = 0;
  const runner = new RealTimeRunner(machine, () => nowMs);
  runner.start();
  runner.stop();
  nowMs += 100;
  runner.act(() => undefined);
  t.equal(machine.elapsedMs, 0);
});
