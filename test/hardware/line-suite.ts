import type { Test } from 'tap';
import { encodeFrame } from '../../firmware-bridge/board/wire.js';
import { mega24 } from '../support/plugged-board.js';
import { type HardwareBoard, untilOn } from './hardware-board.js';
import { WireHost } from './wire-host.js';

/** Why the board refuses (firmware-bridge/README.md). */
const lockResting = 7;
const hostSilenceMs = 300;
/** A silent host is found out at a tick, its lock is off at the next. */
const toleranceMs = 5;

/** What the board makes of a host that does not behave; every lock is used once. */
export async function lineSuite(t: Test, hardware: HardwareBoard): Promise<void> {
  const host = new WireHost(hardware.host, hardware.path);
  t.teardown(() => host.close());
  await sessions(t, hardware, host);
  await rubbish(t, hardware, host);
}

async function sessions(t: Test, hardware: HardwareBoard, host: WireHost): Promise<void> {
  await t.test('switches off when its host falls silent in a pulse', async (t) => {
    await host.open();
    await host.begin(mega24, { hostSilenceMs, pulseMaxMs: 5_000 });
    const { result } = await host.ask({ kind: 'pulse', locker: 13, pulseMs: 5_000, tag: 13 }, 'answer');
    t.equal(result, 0);
    t.same(await hardware.locksOn(), [13]);
    await untilOn(hardware, async () => (await hardware.locksOn()).length === 0);
    const onMs = (await hardware.onTimes()).at(-1)?.onMs ?? Number.NaN;
    t.ok(Math.abs(onMs - hostSilenceMs) < toleranceMs, `on for ${onMs} ms`);
    const pulsed = () => host.heard.find(({ message }) => message.kind === 'pulsed');
    await untilOn(hardware, () => pulsed() !== undefined);
    t.match(pulsed()?.message, { locker: 13, ended: 1 });
  });

  await t.test('executes a repeated pulse once, and nothing of a session before', async (t) => {
    // Or the coil's rest would refuse what the session does not.
    const restless = { restMs: 0 };
    host.said.length = 0;
    await host.begin(mega24, restless);
    const before = host.said.length;
    const pulse = { kind: 'pulse', locker: 14, pulseMs: 20, tag: 14 } as const;
    t.match(await host.ask(pulse, 'answer'), { result: 0 });
    const frame = host.said.slice(before);
    await untilOn(hardware, async () => (await hardware.locksOn()).length === 0);
    await movesNothing(t, hardware, async () => {
      const answers = () => host.heard.filter(({ message }) => message.kind === 'answer').length;
      const answered = answers();
      host.write(frame);
      await untilOn(hardware, () => answers() > answered, 'an answer to the repetition');
    });
    // The HELLO at its head would open a session of its own, with another number.
    const recorded = host.said.slice(host.said.indexOf(0xf7) + 1);
    await host.begin(mega24, restless);
    const { badFrames } = await host.status();
    await movesNothing(t, hardware, async () => {
      host.write(recorded);
      t.ok((await host.status()).badFrames > badFrames, 'what it dropped is counted');
    });
  });

  await t.test('lets a coil rest', async (t) => {
    await host.begin(mega24);
    const pulse = { kind: 'pulse', locker: 17, pulseMs: 20, tag: 17 } as const;
    t.match(await host.ask(pulse, 'answer'), { result: 0 });
    await untilOn(hardware, async () => (await hardware.locksOn()).length === 0);
    await movesNothing(t, hardware, async () => {
      t.match(await host.ask(pulse, 'answer'), { result: lockResting });
    });
  });
}

async function rubbish(t: Test, hardware: HardwareBoard, host: WireHost): Promise<void> {
  await t.test('moves no lock pin for raw Firmata', async (t) => {
    const { ignoredWrites } = await host.status();
    await movesNothing(t, hardware, async () => {
      for (const { lockPin } of mega24.lockers) host.write([0xf4, lockPin, 1, 0xf5, lockPin, 1]);
      for (let port = 0; port < 16; port += 1) host.write([0x90 | port, 0x7f, 0x7f]);
      host.write([0xff]);
      t.ok((await host.status()).ignoredWrites >= ignoredWrites + 2 * mega24.lockers.length + 1);
    });
  });

  await t.test('does nothing of a pulse with a bit turned over', async (t) => {
    await host.begin(mega24, { restMs: 0 });
    const before = host.said.length;
    await host.ask({ kind: 'pulse', locker: 18, pulseMs: 20, tag: 18 }, 'answer');
    const frame = host.said.slice(before);
    await untilOn(hardware, async () => (await hardware.locksOn()).length === 0);
    const { badFrames } = await host.status();
    await movesNothing(t, hardware, async () => {
      for (let at = 2; at < frame.length - 1; at += 1)
        host.write(frame.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      t.equal((await host.status()).badFrames, badFrames + frame.length - 3);
    });
  });

  await t.test('counts noise, truncated and oversized messages, and moves nothing', async (t) => {
    const pulse = encodeFrame({
      session: 0,
      sequence: 9,
      message: { kind: 'pulse', locker: 15, pulseMs: 500, tag: 15 },
    });
    await movesNothing(t, hardware, async () => {
      for (const bytes of [noise(1_500), pulse.slice(0, -4), [0xf0, 0x07, ...zeros(500), 0xf7]]) {
        const { badFrames } = await host.status();
        host.write(bytes);
        // Silence drops what was left unfinished, and a new start would too.
        t.ok((await host.status()).badFrames > badFrames, `${bytes.length} bytes`);
      }
    });
  });

  await t.test('is then as good as before', async (t) => {
    await host.ask({ kind: 'pulse', locker: 16, pulseMs: 20, tag: 16 }, 'answer');
    await untilOn(hardware, () =>
      host.heard.some(({ message }) => message.kind === 'pulsed' && message.locker === 16),
    );
    t.same((await hardware.onTimes()).at(-1)?.locker, 16);
  });
}

/** Whatever `act` does, no lock is switched. */
async function movesNothing(t: Test, hardware: HardwareBoard, act: () => Promise<void>): Promise<void> {
  const before = (await hardware.onTimes()).length;
  await act();
  t.same(await hardware.locksOn(), []);
  t.equal((await hardware.onTimes()).length, before, 'no lock was switched');
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** Park and Miller's generator: the same noise in every run. */
function noise(count: number): number[] {
  let state = 1;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return (state >> 8) & 0xff;
  });
}
