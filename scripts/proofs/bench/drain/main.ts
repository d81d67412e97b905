import { limits } from '../../../../src/kernel/limits.js';
import { atLeast, atMost, exactly, type Goal, median, quantile, spread } from '../../support/goals.js';
import type { BenchResult } from '../scan.js';

import { type DrainPlan, Outage, type ScanFigures } from './outage.js';
import { perSecond } from './receiver.js';

/** As much as says something. */
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
  const bench = new Outage(folder, plan);
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
    atLeast(
      'received per second, times the bridge',
      median(received) / median(bridge),
      4,
      `${spread(received)}, bridge ${spread(bridge)}; stored and acknowledged ${spread(stored)}; ${atFar}`,
    ),
  ];
}

function lossGoals(
  { events, kills }: DrainPlan,
  killed: { different: number; mostRepeated: number },
  bridgeHas: { default: number; killed: number },
): Goal[] {
  const share = (different: number) => `${Math.round(100 * (1 - different / events))} %`;
  return [
    exactly(
      'events lost when the kiosk is killed',
      events - killed.different,
      0,
      `${kills} kills, two of them during the outage; the bridge lost ${share(bridgeHas.killed)} when its broker was killed during the outage, and ${share(bridgeHas.default)} with the queue it has by itself`,
    ),
    atMost(
      'events repeated for one kill, at most',
      killed.mostRepeated,
      windowEvents,
      `one window is ${windowEvents} events`,
    ),
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
    atMost(
      `peak memory with ${plan.events} events, times that with ${few}`,
      median(peaks) / median(smallPeaks),
      1.2,
    ),
    atMost(
      'peak memory, MB',
      Math.max(...peaks),
      90,
      `of journal and link (${spread(peaks)}, with ${few} events ${spread(smallPeaks)}); a whole kiosk with ${plan.eventsWhileScanning} events had ${Math.round(peakMb)}`,
    ),
    atMost(
      'scan to unlock while draining, p99, times idle',
      quantile(busy, 0.99) / quantile(idle, 0.99),
      1.5,
      `${words(busy)}, ${busy.length} scans; idle ${words(idle)}, ${idle.length} scans`,
    ),
  ];
}
