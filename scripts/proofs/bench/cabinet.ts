import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mega } from '../../../firmware-bridge/emulator/atmega2560.js';
import { flashImage } from '../../../firmware-bridge/emulator/machine.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../../hardware/cabinet.js';
import { limits } from '../../../src/kernel/limits.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import type { Goal } from '../support/goals.js';
import { CabinetBoard } from './cabinet-board.js';
import {
  type DoorTimes,
  measureDoors,
  measurePulses,
  measureRest,
  type PulseTimes,
} from './cabinet-rounds.js';
import type { BenchResult } from './scan.js';
import { quantile } from './statistics.js';

/** The wire's own speed, as its description has it. */
const bitsPerMs = 57.6;
const wireMs = (bytes: number): number => (bytes * 10) / bitsPerMs;

/**
 * Times on the board's own clock: the released firmware on the emulated board, with the kiosk's half of the wire. What the
 * wire itself takes is subtracted or stands beside it. The same image gives the same figures on every computer.
 */
export async function benchCabinet(rounds: number, say: (text: string) => void): Promise<BenchResult> {
  const firmwareHex = readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');
  const wiring = theMega();
  const board = new CabinetBoard(firmwareHex, wiring);
  await board.shakeHands();
  say(`${rounds} rounds of pulses and doors`);
  const pulses = measurePulses(board, rounds);
  const doors = measureDoors(board, rounds);
  board.run(1_000);
  const status = board.receivedSince(0, 'status').at(-1)?.message;
  if (!status) throw new Error('the board sent no status');
  say('resets');
  const rest = await measureRest(firmwareHex, wiring, rounds);
  const flashBytes = flashImage(firmwareHex).findLastIndex((byte) => byte !== 0xff) + 1;
  const goals = [
    ...pulseGoals(pulses),
    ...doorGoals(doors, wiring.debounceMs),
    {
      name: 'longest turn of the firmware’s loop, µs',
      figure: status.loopMaxUs,
      goal: { atMost: 5_000 },
      detail: 'a receive buffer of 128 bytes fills in 22 ms',
    },
    {
      name: 'from a reset to the locks’ rest level on every pin, max, ms',
      figure: Math.max(...rest),
      goal: { atMost: 1 },
      detail: `settings from the EEPROM; ${times(rest)}`,
    },
    {
      name: 'free RAM at its least, bytes',
      figure: status.freeRam,
      goal: { atLeast: 2_048 },
      detail: `of ${mega.sramBytes}`,
    },
    {
      name: 'flash used, bytes',
      figure: flashBytes,
      goal: { atMost: 32_768 },
      detail: `of ${mega.flashBytes}`,
    },
  ];
  const raw = { rounds, pulses, doors, rest, status };
  return { goals, raw };
}

function pulseGoals({ afterLastByteMs, afterWriteMs, frameBytes, errorMs, toldErrorMs }: PulseTimes): Goal[] {
  const leastMs = wireMs(frameBytes);
  return [
    {
      name: 'from the last byte of an unlock to its pin, max, ms',
      figure: Math.max(...afterLastByteMs),
      goal: { atMost: 1 },
      detail: times(afterLastByteMs),
    },
    {
      name: 'from the host’s write to the pin, more than the wire takes, max, ms',
      figure: Math.max(...afterWriteMs) - leastMs,
      goal: { atMost: 1.5 },
      detail: `${times(afterWriteMs)}; ${frameBytes} bytes at 57 600 baud take ${leastMs.toFixed(2)}`,
    },
    {
      name: 'pulse length, asked against the pin’s, most by which it is short or long, ms',
      figure: Math.max(...errorMs),
      goal: { atMost: 1 },
      detail: times(errorMs),
    },
    {
      name: 'pulse length, reported against the pin’s, largest error, ms',
      figure: Math.max(...toldErrorMs),
      goal: { atMost: 1 },
      detail: times(toldErrorMs),
    },
  ];
}

function doorGoals({ switchToReportMs, frameBytes }: DoorTimes, debounceMs: number): Goal[] {
  const leastMs = debounceMs + wireMs(frameBytes);
  const detail = `${times(switchToReportMs)}; debounce ${debounceMs}, ${frameBytes} bytes take ${wireMs(frameBytes).toFixed(2)}`;
  return [
    {
      name: 'from a door’s switch to the end of its report, more than debounce and wire take, p50, ms',
      figure: quantile(switchToReportMs, 0.5) - leastMs,
      goal: { atMost: 2 },
      detail,
    },
    {
      name: 'the same, max: another frame may be on the wire, ms',
      figure: Math.max(...switchToReportMs) - leastMs,
      goal: { atMost: 2 + wireMs(limits.boardFrameBytes) },
    },
  ];
}

function times(ms: readonly number[]): string {
  const [p50, p99, max] = [quantile(ms, 0.5), quantile(ms, 0.99), Math.max(...ms)];
  return `p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, max ${max.toFixed(2)} of ${ms.length}`;
}

function theMega(): MegaBoard {
  const file = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
  const [wiring] = megasOf(parseCabinet(readFileSync(file, 'utf8'), file));
  if (!wiring) throw new Error('the cabinet has no Mega');
  return wiring;
}
