import type { Random } from '../../support/random.js';
import { sleep } from '../../support/wait.js';
import type { KioskUnderTest } from './kiosk-under-test.js';
import type { FaultName, ObservationLog } from './observation.js';
import { burst, noise, type TorturedBoard } from './tortured-board.js';

/** What faults are injected into. */
export interface Stage {
  readonly board: TorturedBoard;
  readonly kiosk: KioskUnderTest;
  readonly log: ObservationLog;
}

/** One fault from its beginning to its end; an aborted `signal` makes it end at once. */
type Fault = (stage: Stage, random: Random, signal: AbortSignal) => Promise<void>;

/** A board that nobody unlocks is hit all the same. */
const pulseAwaitedMs = 3_000;

const faults: Readonly<Record<FaultName, Fault>> = {
  'kiosk killed': kill('kiosk killed', false),
  'kiosk killed mid-pulse': kill('kiosk killed mid-pulse', true),
  'kiosk halted': async (stage, random, signal) => {
    const { kiosk, log } = stage;
    if (random.chance(0.5)) await pulse(stage, random, signal);
    const sinceMs = Date.now();
    const ended = begin(stage, 'kiosk halted');
    kiosk.halt();
    await sleep(random.between(300, 5_000), signal);
    kiosk.goOn();
    log.add({ kind: 'pause', ms: Date.now() - sinceMs, whose: 'kiosk' });
    ended();
  },
  unplug: async (stage, random, signal) => {
    const { board } = stage;
    if (random.chance(0.5)) await pulse(stage, random, signal);
    const ended = begin(stage, 'unplug');
    const losesPower = random.chance(0.5);
    board.plug.unplug();
    if (losesPower) board.act(() => board.machine.powerOff());
    await sleep(random.between(20, 3_000), signal);
    if (losesPower) board.act(() => board.machine.powerOn());
    board.plug.plug();
    ended();
  },
  'external reset': reset('external'),
  'watchdog reset': reset('watchdog'),
  'power cut': async (stage, random, signal) => {
    const { board } = stage;
    if (random.chance(0.5)) await pulse(stage, random, signal);
    const ended = begin(stage, 'power cut');
    board.act(() => board.machine.powerOff());
    await sleep(random.between(5, 2_500), signal);
    board.act(() => board.machine.powerOn());
    ended();
  },
  'noise to the board': async (stage, random, signal) => {
    const ended = begin(stage, 'noise to the board');
    stage.board.line.toDevice = noise(random, random.pick([0.003, 0.02, 0.1]));
    await sleep(random.between(300, 3_000), signal);
    stage.board.line.toDevice = (bytes) => bytes;
    ended();
  },
  'noise from the board': async (stage, random, signal) => {
    const ended = begin(stage, 'noise from the board');
    stage.board.line.fromDevice = noise(random, random.pick([0.003, 0.02, 0.1]));
    await sleep(random.between(300, 3_000), signal);
    stage.board.line.fromDevice = (bytes) => bytes;
    ended();
  },
  'babble to the kiosk': async (stage, random, signal) => {
    const ended = begin(stage, 'babble to the kiosk');
    for (let bursts = random.between(5, 60); bursts > 0 && !signal.aborted; bursts -= 1) {
      stage.board.line.babble(burst(random));
      await sleep(random.between(2, 50), signal);
    }
    ended();
  },
  'switch chatter': async (stage, random, signal) => {
    const { board } = stage;
    const { locker } = random.pick(board.cabinet.lockers());
    const ended = begin(stage, 'switch chatter', locker);
    const everyMs = random.between(3, 120);
    board.act(() => board.cabinet.chatter(locker, everyMs));
    await sleep(random.between(500, 4_000), signal);
    board.act(() => board.cabinet.quiet(locker));
    ended();
  },
  'latches stuck': async (stage, random, signal) => {
    const { board } = stage;
    const lockers = board.cabinet.lockers().filter(() => random.chance(0.5));
    const ended = begin(stage, 'latches stuck');
    const jam = (stuck: boolean) =>
      board.act(() => {
        for (const { locker } of lockers) board.cabinet.jamLatch(locker, stuck);
      });
    jam(true);
    await sleep(random.between(2_000, 10_000), signal);
    jam(false);
    ended();
  },
  'door forced': async (stage, random, signal) => {
    const { board } = stage;
    const { locker } = random.pick(board.cabinet.lockers());
    if (!board.act(() => board.cabinet.forceDoor(locker)).ok) return;
    const ended = begin(stage, 'door forced', locker);
    await sleep(random.between(20, 3_000), signal);
    board.act(() => board.cabinet.closeDoor(locker));
    ended();
  },
};

/** Faults that exclude one another follow one another in a lane; lanes run at the same time. */
const lanes: Readonly<Record<string, readonly FaultName[]>> = {
  kiosk: ['kiosk killed', 'kiosk killed mid-pulse', 'kiosk halted'],
  board: ['unplug', 'external reset', 'watchdog reset', 'power cut'],
  wire: ['noise to the board', 'noise from the board', 'babble to the kiosk'],
  doors: ['switch chatter', 'latches stuck', 'door forced'],
};

/** Between two faults of a lane: often enough to break in on everything, seldom enough that something goes on. */
const pauseMs = { from: 1_500, to: 11_000 };
/** A short session has faults too. */
const pauseShareMost = 0.3;

/** For `forMs`, until `signal`, injects faults into the stage in the order that `randomOf` gives each lane; then all is mended. */
export async function injectFaults(
  stage: Stage,
  forMs: number,
  randomOf: (lane: string) => Random,
  signal: AbortSignal,
): Promise<void> {
  const longestMs = Math.round(Math.min(pauseMs.to, pauseShareMost * forMs));
  const shortestMs = Math.min(pauseMs.from, longestMs);
  await Promise.all(
    Object.entries(lanes).map(async ([lane, names]) => {
      const random = randomOf(lane);
      let deck: FaultName[] = [];
      while (!signal.aborted) {
        await sleep(random.between(shortestMs, longestMs), signal);
        if (signal.aborted) return;
        if (deck.length === 0) deck = shuffled(names, random);
        const name = deck.pop();
        if (name !== undefined) await faults[name](stage, random, signal);
      }
    }),
  );
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((each) => ({ each, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ each }) => each);
}

function begin({ log }: Stage, fault: FaultName, on?: number): () => void {
  log.add({ kind: 'fault', fault, phase: 'begins', ...(on === undefined ? {} : { on }) });
  return () => log.add({ kind: 'fault', fault, phase: 'ends' });
}

function kill(name: FaultName, midPulse: boolean): Fault {
  return async (stage, random, signal) => {
    if (midPulse) await pulse(stage, random, signal);
    const ended = begin(stage, name);
    await stage.kiosk.kill();
    await sleep(random.between(50, 1_000), signal);
    stage.kiosk.start();
    ended();
  };
}

function reset(cause: 'external' | 'watchdog'): Fault {
  return async (stage, random, signal) => {
    if (random.chance(0.6)) await pulse(stage, random, signal);
    const ended = begin(stage, `${cause} reset`);
    stage.board.act(() => stage.board.machine.reset(cause));
    ended();
  };
}

/** Waits for a lock to go on, and then for any part of its pulse. */
async function pulse({ board }: Stage, random: Random, signal: AbortSignal): Promise<void> {
  const delayMs = random.between(0, 450);
  const came = new AbortController();
  const stop = board.onUnlock(() => came.abort());
  await sleep(pulseAwaitedMs, AbortSignal.any([signal, came.signal]));
  stop();
  if (came.signal.aborted) await sleep(delayMs, signal);
}
