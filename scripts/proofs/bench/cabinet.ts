import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mega } from '../../../firmware-bridge/emulator/atmega2560.js';
import { flashImage } from '../../../firmware-bridge/emulator/machine.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../../hardware/cabinet.js';
import { limits } from '../../../src/kernel/limits.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { atLeast, atMost, type Goal, quantile } from '../support/goals.js';
import { createRandom, type Random } from '../support/random.js';
import { byteMs, CabinetBoard } from './cabinet-board.js';
import type { BenchResult } from './scan.js';

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
    atMost(
      'longest turn of the firmware’s loop, µs',
      status.loopMaxUs,
      5_000,
      'a receive buffer of 128 bytes fills in 22 ms',
    ),
    atMost(
      'from a reset to the locks’ rest level on every pin, max, ms',
      Math.max(...rest),
      1,
      `settings from the EEPROM; ${times(rest)}`,
    ),
    atLeast('free RAM at its least, bytes', status.freeRam, 2_048, `of ${mega.sramBytes}`),
    atMost('flash used, bytes', flashBytes, 32_768, `of ${mega.flashBytes}`),
  ];
  const raw = { rounds, pulses, doors, rest, status };
  return { goals, raw };
}

function pulseGoals({ afterLastByteMs, afterWriteMs, frameBytes, errorMs, toldErrorMs }: PulseTimes): Goal[] {
  const leastMs = wireMs(frameBytes);
  return [
    atMost(
      'from the last byte of an unlock to its pin, max, ms',
      Math.max(...afterLastByteMs),
      1,
      times(afterLastByteMs),
    ),
    atMost(
      'from the host’s write to the pin, more than the wire takes, max, ms',
      Math.max(...afterWriteMs) - leastMs,
      1.5,
      `${times(afterWriteMs)}; ${frameBytes} bytes at 57 600 baud take ${leastMs.toFixed(2)}`,
    ),
    atMost(
      'pulse length, asked against the pin’s, most by which it is short or long, ms',
      Math.max(...errorMs),
      1,
      times(errorMs),
    ),
    atMost(
      'pulse length, reported against the pin’s, largest error, ms',
      Math.max(...toldErrorMs),
      1,
      times(toldErrorMs),
    ),
  ];
}

function doorGoals({ switchToReportMs, frameBytes }: DoorTimes, debounceMs: number): Goal[] {
  const leastMs = debounceMs + wireMs(frameBytes);
  const detail = `${times(switchToReportMs)}; debounce ${debounceMs}, ${frameBytes} bytes take ${wireMs(frameBytes).toFixed(2)}`;
  return [
    atMost(
      'from a door’s switch to the end of its report, more than debounce and wire take, p50, ms',
      quantile(switchToReportMs, 0.5) - leastMs,
      2,
      detail,
    ),
    atMost(
      'the same, max: another frame may be on the wire, ms',
      Math.max(...switchToReportMs) - leastMs,
      2 + wireMs(limits.boardFrameBytes),
    ),
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

/** Times of unlocks, on the board's clock. */
export interface PulseTimes {
  /** From the last byte of PULSE, received, to the pin. */
  readonly afterLastByteMs: readonly number[];
  /** From the host's write of its first byte to the pin. */
  readonly afterWriteMs: readonly number[];
  readonly frameBytes: number;
  /** Between the length asked for and the pin's. */
  readonly errorMs: readonly number[];
  /** Between the length that PULSED reports and the pin's. */
  readonly toldErrorMs: readonly number[];
}

/** Times of door reports, on the board's clock. */
export interface DoorTimes {
  readonly switchToReportMs: readonly number[];
  readonly frameBytes: number;
}

const seed = 2_560;
/** An ordinary pulse, a longer one, and shorter ones that save time. */
const lengthsMs = [20, 20, 50, 137, 500, 1_000];
/** So often a question of the host's is being answered meanwhile. */
const busyShare = 0.3;
/** Between two rounds, at no particular phase of the firmware's loop. */
const phaseMs = { from: 1, to: 40 };

/** Unlocks the lockers in turn, `rounds` times each, with a host that also asks other things now and then. */
function measurePulses(board: CabinetBoard, rounds: number): PulseTimes {
  const random = createRandom(seed, 'pulses');
  const times = { afterLastByteMs: [], afterWriteMs: [], errorMs: [], toldErrorMs: [] } as Record<
    'afterLastByteMs' | 'afterWriteMs' | 'errorMs' | 'toldErrorMs',
    number[]
  >;
  const { machine, wiring } = board;
  const lockPins = new Set(wiring.lockers.map(({ lockPin }) => lockPin));
  let [onMs, offMs] = [0, 0];
  const stop = machine.onPinChange((pin, level) => {
    if (!lockPins.has(pin)) return;
    if (level === (wiring.relays === 'active-high' ? 'high' : 'low')) onMs = machine.elapsedMs;
    else offMs = machine.elapsedMs;
  });
  let frameBytes = 0;
  for (let n = 0; n < rounds * wiring.lockers.length; n += 1) {
    passTime(board, random);
    const pulseMs = random.pick(lengthsMs);
    const received = board.received.length;
    const writtenMs = machine.elapsedMs;
    board.ask({ kind: 'pulse', locker: 1 + (n % wiring.lockers.length), pulseMs, tag: n & 0xffff });
    frameBytes = board.sentBytes;
    machine.run(20);
    const { receivedMs } = board;
    // A resting coil is let rest first.
    board.run(pulseMs + wiring.coil.restMs / wiring.lockers.length);
    const [ended] = board.receivedSince(received, 'pulsed');
    if (!ended || onMs < writtenMs) throw new Error(`pulse ${n} did not happen`);
    times.afterLastByteMs.push(onMs - receivedMs);
    times.afterWriteMs.push(onMs - writtenMs);
    times.errorMs.push(Math.abs(offMs - onMs - pulseMs));
    times.toldErrorMs.push(Math.abs(offMs - onMs - ended.message.measuredMs));
  }
  stop();
  return { ...times, frameBytes };
}

/** Opens and shuts doors, `rounds` times each, while no lock is on. */
function measureDoors(board: CabinetBoard, rounds: number): DoorTimes {
  const random = createRandom(seed, 'doors');
  const switchToReportMs: number[] = [];
  const { machine, cabinet, wiring } = board;
  let frameBytes = 0;
  for (let n = 0; n < 2 * rounds * wiring.lockers.length; n += 1) {
    passTime(board, random);
    const index = Math.floor(n / 2) % wiring.lockers.length;
    const { locker } = wiring.lockers[index] ?? { locker: 0 };
    const received = board.received.length;
    const sinceMs = machine.elapsedMs;
    const opens = n % 2 === 0;
    if (opens) cabinet.forceDoor(locker);
    else cabinet.closeDoor(locker);
    board.run(wiring.debounceMs + 40);
    const report = board
      .receivedSince(received, 'doors')
      .find(({ message }) => (((message.known & message.open) >>> index) & 1) === (opens ? 1 : 0));
    if (!report) throw new Error(`door ${locker} was not reported`);
    switchToReportMs.push(report.atMs - sinceMs);
    frameBytes = report.bytes;
  }
  return { switchToReportMs, frameBytes };
}

/** From a reset to the moment every lock pin is driven to its rest level, by a board that has its settings; both polarities. */
async function measureRest(firmwareHex: string, wiring: MegaBoard, rounds: number): Promise<number[]> {
  const restMs: number[] = [];
  for (const relays of ['active-high', 'active-low'] as const) {
    const board = new CabinetBoard(firmwareHex, { ...wiring, relays });
    await board.shakeHands();
    for (let n = 0; n < rounds; n += 1) restMs.push(restAfterReset(board));
  }
  return restMs;
}

function restAfterReset({ machine, wiring }: CabinetBoard): number {
  const rest = wiring.relays === 'active-high' ? 'low' : 'high';
  let allMs = Number.POSITIVE_INFINITY;
  const stop = machine.onPinChange(() => {
    const all = wiring.lockers.every(({ lockPin }) => machine.pinLevel(lockPin) === rest);
    if (all) allMs = Math.min(allMs, machine.elapsedMs);
  });
  const sinceMs = machine.elapsedMs;
  machine.reset();
  machine.run(100);
  stop();
  return allMs - sinceMs;
}

/** Goes on to no particular moment; often the board is answering something else then, or is about to. */
function passTime(board: CabinetBoard, random: Random): void {
  board.run(random.between(phaseMs.from, phaseMs.to) + random.next());
  if (!random.chance(busyShare)) return;
  board.ask({ kind: 'queryDoors' });
  board.machine.run(board.sentBytes * byteMs + random.between(0, 10) * random.next());
}
