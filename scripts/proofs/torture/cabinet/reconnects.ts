import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type BoardEvent, createLockerBoard } from '../../../../firmware-bridge/board/index.js';
import { createMachine } from '../../../../firmware-bridge/emulator/machine.js';
import { PtyPlug } from '../../../../firmware-bridge/emulator/plug.js';
import { RealTimeRunner } from '../../../../firmware-bridge/emulator/real-time.js';
import { UartStream } from '../../../../firmware-bridge/emulator/uart-stream.js';
import { WiredCabinet } from '../../../../firmware-bridge/emulator/wired-cabinet.js';
import { thisHost } from '../../../../firmware-bridge/port/index.js';
import type { MegaBoard } from '../../../../hardware/cabinet.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { atMost, exactly, type Goal, median, quantile } from '../../support/goals.js';

import { createRandom } from '../../support/random.js';
import { sleep, within } from '../../support/wait.js';

/** What the process holds at one moment, garbage collected. */
export interface Holdings {
  readonly descriptors: number;
  /** libuv's handles and requests by kind, in order; no timers, which come and go with the heartbeat. */
  readonly resources: readonly string[];
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/** What a board's driver went through. */
export interface Reconnects {
  readonly count: number;
  /** From the pulled plug to `lost`, and from the plug put in to `ready`. */
  readonly lostMs: readonly number[];
  readonly readyMs: readonly number[];
  /** Before the driver was made, and after it was closed. */
  readonly before: Holdings;
  readonly after: Holdings;
  /** While the board was ready, every so often. */
  readonly samples: readonly Holdings[];
}

export interface ReconnectsOptions {
  readonly count: number;
  readonly seed: number;
  /** Empty; for the port's name. */
  readonly folder: string;
  readonly firmwareHex: string;
  readonly wiring: MegaBoard;
  onProgress(words: string): void;
}

const eventWithinMs = 30_000;
/** Every so often the plug is pulled while the two still shake hands. */
const earlyShare = 0.2;
/** Samples are taken this often in a run. */
const samplesPerRun = 20;
const progressEvery = 50;
/** What the first connections leave behind for good (compiled code, pools) is no leak. */
const warmShare = 0.1;

/** Unplugs a board from its driver and plugs it in again, so many times; both live in this process. */
export async function reconnect(options: ReconnectsOptions): Promise<Reconnects> {
  const { count, folder, firmwareHex, wiring, onProgress } = options;
  const random = createRandom(options.seed, 'reconnects');
  const machine = createMachine(firmwareHex);
  new WiredCabinet(machine, wiring);
  const runner = new RealTimeRunner(machine);
  const uart = new UartStream(machine, (touch) => runner.act(touch));
  const path = join(folder, 'board');
  const plug = new PtyPlug(path, uart);
  runner.start();
  // With a process's first stream libuv opens a spare descriptor, which it keeps.
  plug.plug();
  await plug.close();
  const before = holdings();
  const events = { ready: 0, lost: 0 };
  const onEvent = ({ kind }: BoardEvent) => {
    if (kind === 'ready' || kind === 'lost') events[kind] += 1;
  };
  const board = createLockerBoard({ description: wiring, path, host: thisHost, log: silentLog, onEvent });
  const takes = async (kind: 'ready' | 'lost', act: () => void): Promise<number> => {
    const [seen, sinceMs] = [events[kind], performance.now()];
    act();
    if (!(await within(eventWithinMs, () => events[kind] > seen, 1)))
      throw new Error(`the board is never ${kind}`);
    return performance.now() - sinceMs;
  };
  await takes('ready', () => {
    plug.plug();
    board.start();
  });
  const [lostMs, readyMs, samples]: [number[], number[], Holdings[]] = [[], [], []];
  const never = new AbortController().signal;
  for (let n = 1; n <= count; n += 1) {
    lostMs.push(await takes('lost', () => plug.unplug()));
    if (random.chance(earlyShare)) {
      plug.plug();
      await sleep(random.between(0, 600), never);
      await plug.close();
    }
    readyMs.push(await takes('ready', () => plug.plug()));
    if (n % Math.ceil(count / samplesPerRun) === 0) samples.push(holdings());
    if (n % progressEvery === 0) onProgress(`${n} of ${count} reconnects`);
  }
  await board.close();
  await plug.close();
  const after = holdings();
  runner.stop();
  uart.destroy();
  return { count, lostMs, readyMs, before, after, samples };
}

/** The promises of so many reconnects beside what became of them. */
export function reconnectGoals({ count, lostMs, readyMs, before, after, samples }: Reconnects): Goal[] {
  const warm = samples.slice(Math.ceil(samples.length * warmShare));
  const [first, last] = [warm[0], warm.at(-1)];
  if (!first || !last) throw new Error('too few reconnects to compare');
  const between = Math.max(1, ((warm.length - 1) * count) / samples.length);
  const extra = last.resources.filter((kind) => countOf(last, kind) > countOf(first, kind));
  const left = after.resources.filter((kind) => countOf(after, kind) > countOf(before, kind));
  const compared = `reconnect ${Math.round(count - between)} against ${count}`;
  return [
    exactly(
      'open files more than at first, connected',
      last.descriptors - first.descriptors,
      0,
      `${last.descriptors}; ${compared}`,
    ),
    exactly('open files more than before, closed', after.descriptors - before.descriptors, 0),
    exactly('handles more than at first, connected', extra.length, 0, extra.join(' ')),
    exactly('handles more than before, closed', left.length, 0, left.join(' ')),
    atMost(
      'heap growth per reconnect, bytes',
      (last.heapBytes - first.heapBytes) / between,
      1_536,
      `${compared}; 450 of them serialport’s (node-serialport#1582)`,
    ),
    atMost(
      'resident memory growth per reconnect, bytes',
      (last.rssBytes - first.rssBytes) / between,
      16_384,
      `${Math.round(last.rssBytes / 2 ** 20)} MB at the end`,
    ),
    atMost(
      'from the pulled plug to lost, p99, ms',
      quantile(lostMs, 0.99),
      200,
      `p50 ${median(lostMs).toFixed(1)}, max ${Math.max(...lostMs).toFixed(0)}`,
    ),
    atMost(
      'from the plug put in to ready, p99, ms',
      quantile(readyMs, 0.99),
      3_000,
      `p50 ${median(readyMs).toFixed(0)}, max ${Math.max(...readyMs).toFixed(0)}`,
    ),
  ];
}

const countOf = ({ resources }: Holdings, kind: string): number =>
  resources.filter((each) => each === kind).length;

function holdings(): Holdings {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo().filter((kind) => !/^(Timeout|Immediate)$/.test(kind));
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    resources: resources.sort(),
    heapBytes: heapUsed,
    rssBytes: rss,
  };
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}
