import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { loadOrMakeKioskKey } from '../../src/passes/key-file.js';
import {
  generateSigningKey,
  loadSigningKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../src/passes/keys.js';
import { startMosquitto } from '../../test/support/mosquitto.js';
import { startFaultProxy } from '../fault-proxy.js';
import type { Goal } from '../goals.js';
import { createRandom, type Random } from '../random.js';
import { drainBridge } from './drain/bridge.js';
import { start } from './drain/programs.js';
import { perSecond, type Received, startReceiver } from './drain/receiver.js';
import { givePast, openAt, stepsPerLoan } from './journal-past.js';
import { startKioskRig } from './kiosk-rig.js';
import type { BenchResult } from './scan.js';
import { median, quantile, spread } from './statistics.js';

/** How much is measured. */
export interface DrainPlan {
  readonly rounds: number;
  /** Queued events, and the tenth part of them for the memory. */
  readonly events: number;
  /** Queued events while residents scan. */
  readonly eventsWhileScanning: number;
  readonly scans: number;
  readonly kills: number;
}

export const fullDrain: Omit<DrainPlan, 'rounds'> = {
  // So many as make whole loans.
  events: 100_002,
  eventsWhileScanning: 1_000_002,
  scans: 60,
  kills: 6,
};

const farMs = 40;
const windowEvents = limits.linkWindowBatches * limits.linkBatchEvents;

type Say = (text: string) => void;

/** What was measured; of each round one figure. */
interface DrainFigures {
  readonly received: number[];
  readonly stored: number[];
  readonly bridge: number[];
  /** Peak memory with all events, and with a tenth of them, MB. */
  readonly peaks: number[];
  readonly smallPeaks: number[];
}

/** A backlog after an outage: how fast, how lossless and how modestly it goes out, beside a Mosquitto bridge. */
export async function benchDrain(folder: string, plan: DrainPlan, say: Say): Promise<BenchResult> {
  const bench = new Bench(folder, plan);
  const figures: DrainFigures = { received: [], stored: [], bridge: [], peaks: [], smallPeaks: [] };
  for (let round = 1; round <= plan.rounds; round += 1) {
    const { received, peakMb } = await bench.receive(plan.events, 0);
    figures.received.push(perSecond(received));
    figures.peaks.push(peakMb);
    figures.smallPeaks.push((await bench.receive(Math.round(plan.events / 10), 0)).peakMb);
    figures.bridge.push(perSecond(await bench.bridge('endless', false)));
    figures.stored.push(await bench.store(0));
    const [r, b, s] = [figures.received, figures.bridge, figures.stored].map((of) =>
      Math.round(of.at(-1) ?? 0),
    );
    say(`round ${round} of ${plan.rounds}: ${r} received, ${b} by the bridge, ${s} stored per second`);
  }
  const far = {
    received: perSecond((await bench.receive(plan.events, farMs)).received),
    stored: await bench.store(farMs),
  };
  const killed = await bench.kill(say);
  const bridgeHas = {
    default: (await bench.bridge('default', false)).different,
    killed: (await bench.bridge('endless', true)).different,
  };
  const scans = await bench.scan(say);
  const goals = [
    ...speedGoals(figures, far),
    ...lossGoals(plan, killed, bridgeHas),
    ...burdenGoals(plan, figures, scans),
  ];
  return { goals, raw: { plan, figures, far, killed, bridgeHas, scans } };
}

function speedGoals(figures: DrainFigures, far: { received: number; stored: number }): Goal[] {
  const { received, bridge, stored } = figures;
  const atFar = `at ${2 * farMs} ms round trip ${Math.round(far.received)}, stored ${Math.round(far.stored)}`;
  return [
    {
      name: 'received per second, times the bridge',
      figure: median(received) / median(bridge),
      goal: { atLeast: 4 },
      detail: `${spread(received)}, bridge ${spread(bridge)}; stored and acknowledged ${spread(stored)}; ${atFar}`,
    },
  ];
}

function lossGoals(
  { events, kills }: DrainPlan,
  killed: { different: number; mostRepeated: number },
  bridgeHas: { default: number; killed: number },
): Goal[] {
  const share = (different: number) => `${Math.round(100 * (1 - different / events))} %`;
  return [
    {
      name: 'events lost when the kiosk is killed',
      figure: events - killed.different,
      goal: { exactly: 0 },
      detail: `${kills} kills, two of them during the outage; the bridge lost ${share(bridgeHas.killed)} when its broker was killed during the outage, and ${share(bridgeHas.default)} with the queue it has by itself`,
    },
    {
      name: 'events repeated for one kill, at most',
      figure: killed.mostRepeated,
      goal: { atMost: windowEvents },
      detail: `one window is ${windowEvents} events`,
    },
  ];
}

function burdenGoals(
  plan: DrainPlan,
  { peaks, smallPeaks }: DrainFigures,
  { busy, idle, peakMb }: ScanFigures,
): Goal[] {
  const few = Math.round(plan.events / 10);
  const words = (scans: readonly number[]) =>
    `p50 ${Math.round(median(scans))}, p99 ${Math.round(quantile(scans, 0.99))} µs`;
  return [
    {
      name: `peak memory with ${plan.events} events, times that with ${few}`,
      figure: median(peaks) / median(smallPeaks),
      goal: { atMost: 1.2 },
    },
    {
      name: 'peak memory, MB',
      figure: Math.max(...peaks),
      goal: { atMost: 90 },
      detail: `of journal and link (${spread(peaks)}, with ${few} events ${spread(smallPeaks)}); a whole kiosk with ${plan.eventsWhileScanning} events had ${Math.round(peakMb)}`,
    },
    {
      name: 'scan to unlock while draining, p99, times idle',
      figure: quantile(busy, 0.99) / quantile(idle, 0.99),
      goal: { atMost: 1.5 },
      detail: `${words(busy)}, ${busy.length} scans; idle ${words(idle)}, ${idle.length} scans`,
    },
  ];
}

interface ScanFigures {
  /** From scan to unlock, µs, with a backlog going out, and without. */
  readonly busy: number[];
  readonly idle: number[];
  readonly peakMb: number;
}

/** The parts of the bench, in a folder of its own. */
class Bench {
  readonly #key = generateSigningKey();
  readonly #random: Random = createRandom(1, 'drain');
  #runs = 0;

  constructor(
    private readonly folder: string,
    private readonly plan: DrainPlan,
  ) {}

  /** Everything goes to a receiver that counts; over a way that takes `delayMs` in each direction. */
  async receive(events: number, delayMs: number): Promise<{ received: Received; peakMb: number }> {
    const { place, kiosk, broker, way, close } = await this.#stage(events, delayMs);
    const receiver = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk));
    const program = start('kiosk', place, way, join(place, 'catalogue.pem'));
    const peakMb = Number(await program.says('drained')) / 1_024;
    await program.kill('SIGTERM');
    await receiver.close();
    await close();
    return { received: receiver.received, peakMb };
  }

  /** Everything goes to the real catalogue; events per second, stored durably and acknowledged. */
  async store(delayMs: number): Promise<number> {
    const { events } = this.plan;
    const { place, kiosk, broker, way, close } = await this.#stage(events, delayMs);
    const file = join(place, 'catalogue.db');
    writeFileSync(join(place, 'kiosk.pem'), verifyingKeyPem(verifyingKeyOf(kiosk)));
    const catalogue = start('catalogue', file, broker, join(place, 'kiosk.pem'));
    await catalogue.says('ready');
    const root = verifyingKeyPem(verifyingKeyOf(signingKeyIn(`${file}.key`)));
    writeFileSync(join(place, 'catalogue.pem'), root);
    const looker = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk), false);
    const program = start('kiosk', place, way, join(place, 'catalogue.pem'));
    await program.says('drained');
    const doneMs = performance.now();
    await program.kill('SIGTERM');
    await catalogue.kill('SIGTERM');
    await looker.close();
    await close();
    return events / ((doneMs - looker.received.firstMs) / 1_000);
  }

  /** The same events through a bridge. */
  bridge(queue: 'default' | 'endless', killed: boolean): Promise<Received> {
    const place = this.#place(this.plan.events);
    const journal = openAt(join(place, 'journal.db'));
    const events = journal.read(1, this.plan.events).map((event) => JSON.stringify(event));
    journal.close();
    return drainBridge(join(place, 'bridge'), events, queue, killed);
  }

  /** The kiosk is killed again and again while it sends, and while there is no broker. */
  async kill(say: Say): Promise<{ different: number; mostRepeated: number }> {
    const { place, kiosk, broker, way, close } = await this.#stage(this.plan.events, 1);
    const begin = (to: string) => start('kiosk', place, to, join(place, 'catalogue.pem'));
    for (let n = 0; n < 2; n += 1) {
      const early = begin('mqtt://127.0.0.1:9');
      await pause(this.#random.between(100, 400));
      await early.kill('SIGKILL');
    }
    const receiver = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk));
    let mostRepeated = 0;
    let before = 0;
    const repeats = () => {
      mostRepeated = Math.max(mostRepeated, receiver.received.repeated - before);
      before = receiver.received.repeated;
    };
    for (let n = 0; n < this.plan.kills - 2; n += 1) {
      const had = receiver.received.different;
      const program = begin(way);
      const enough = had + this.plan.events * (0.03 + this.#random.between(0, 100) / 1_000);
      while (receiver.received.different < Math.min(enough, this.plan.events)) await pause(1);
      await program.kill('SIGKILL');
      await pause(50);
      repeats();
      say(`killed after ${receiver.received.different} events`);
    }
    const last = begin(way);
    await last.says('drained');
    await pause(100);
    repeats();
    await last.kill('SIGTERM');
    await receiver.close();
    await close();
    return { different: receiver.received.different, mostRepeated };
  }

  /** A whole kiosk at which residents scan, with a backlog and without. */
  async scan(say: Say): Promise<ScanFigures> {
    const { eventsWhileScanning, scans } = this.plan;
    const place = this.#place(0);
    const data = join(place, 'data');
    mkdirSync(data, { mode: 0o700 });
    givePast(join(data, 'journal.db'), Math.ceil(eventsWhileScanning / stepsPerLoan));
    const kiosk = loadOrMakeKioskKey(data);
    const broker = await startMosquitto(place);
    const rig = await startKioskRig(place, { brokerUrl: broker.url, key: this.#key, locker: lockerNo(1) });
    await rig.scan(2);
    const receiver = await startReceiver(broker.url, this.#key, verifyingKeyOf(kiosk));
    const isBusy = () => receiver.received.different < eventsWhileScanning;
    const busy: number[] = [];
    while (isBusy() && busy.length < scans) {
      const took = await rig.scan(2);
      if (isBusy()) busy.push(took);
    }
    say(`${busy.length} scans while ${eventsWhileScanning} events went out`);
    while (isBusy()) await pause(50);
    await pause(500);
    const idle: number[] = [];
    for (let n = 0; n < Math.max(1, busy.length); n += 1) idle.push(await rig.scan(2));
    const peakMb =
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${rig.pid}/status`, 'utf8'))?.[1]) / 1_024;
    await rig.stop();
    await receiver.close();
    await broker.kill();
    return { busy, idle, peakMb };
  }

  /** A journal with a backlog, a broker, and the way to it. */
  async #stage(events: number, delayMs: number) {
    const place = this.#place(events);
    const kiosk = loadOrMakeKioskKey(place);
    writeFileSync(join(place, 'catalogue.pem'), verifyingKeyPem(verifyingKeyOf(this.#key)));
    const broker = await startMosquitto(place);
    const proxy = await startFaultProxy(Number(new URL(broker.url).port), () => 0);
    proxy.setDelay(delayMs);
    const close = async () => {
      await proxy.close();
      await broker.kill();
    };
    const way = delayMs === 0 ? broker.url : `mqtt://127.0.0.1:${proxy.port}`;
    return { place, kiosk, broker: broker.url, way, close };
  }

  /** An empty folder, with a journal of so many events in it, which is made once. */
  #place(events: number): string {
    const source = join(this.folder, `past-${events}.db`);
    if (this.#runs === 0) mkdirSync(this.folder, { recursive: true });
    this.#runs += 1;
    const place = join(this.folder, `run-${this.#runs}`);
    mkdirSync(place, { mode: 0o700 });
    if (events === 0) return place;
    givePast(source, Math.ceil(events / stepsPerLoan));
    copyFileSync(source, join(place, 'journal.db'));
    return place;
  }
}

/** What a process had in memory at most. */
function peakMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

const pause = (waitMs: number) => new Promise((resolve) => setTimeout(resolve, waitMs));
const signingKeyIn = (file: string): SigningKey => loadSigningKey(readFileSync(file, 'utf8'));
