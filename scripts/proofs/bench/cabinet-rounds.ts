import type { MegaBoard } from '../../../hardware/cabinet.js';
import { createRandom, type Random } from '../support/random.js';
import { byteMs, CabinetBoard } from './cabinet-board.js';

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
export function measurePulses(board: CabinetBoard, rounds: number): PulseTimes {
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
export function measureDoors(board: CabinetBoard, rounds: number): DoorTimes {
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
export async function measureRest(firmwareHex: string, wiring: MegaBoard, rounds: number): Promise<number[]> {
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
