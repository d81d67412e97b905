import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../../../src/kernel/limits.js';
import { atMost, exactly, type Goal, median, quantile, spread } from '../../support/goals.js';
import { createRandom } from '../../support/random.js';
import { stepsPerLoan } from '../journal-past.js';
import type { BenchResult } from '../scan.js';

import type { JournalDigests } from './messages.js';
import { type Answered, FleetStreet } from './street.js';

/** How much is measured. */
export interface FleetPlan {
  readonly rounds: number;
  readonly kiosks: number;
  readonly processes: number;
  /** Loans, with their returns, that each kiosk has during the outage. */
  readonly loans: number;
  /** Long enough that all kiosks have come to wait as long as they ever do between two tries. */
  readonly outageMs: number;
}

/** A city with ten times as many kiosks as one street. */
export const fullFleet = { kiosks: 500, processes: 4, loans: 8, outageMs: 25_000 };

/** Orders are this far apart, each to any kiosk that is connected. */
const orderEveryMs = 10;
/** Kiosks come back spread over the longest wait between two tries; the rest is for the last of them, and for what they send. */
const syncedMs = limits.linkReconnectMaxMs + 5_000;
/** Who has asked for a door by telephone stands before it and looks. */
const roundTripMs = 1_000;

type Say = (text: string) => void;

interface Round {
  readonly syncedMs: number;
  /** Round trips of the orders given until then, ms. */
  readonly trips: readonly number[];
  /** Orders that nobody answered, or that were not carried out. */
  readonly failed: number;
}

/** A whole fleet comes back at once after an outage of the broker: how long until all is stored, and who waits meanwhile. */
export async function benchFleet(folder: string, plan: FleetPlan, say: Say): Promise<BenchResult> {
  say(`putting ${plan.kiosks} kiosks into service`);
  const street = await FleetStreet.start(folder, plan.kiosks, plan.processes);
  try {
    const rounds: Round[] = [];
    for (let n = 1; n <= plan.rounds; n += 1) {
      const round = await comeBack(street, plan, n);
      rounds.push(round);
      const longest = Math.round(Math.max(...round.trips));
      say(
        `outage ${n} of ${plan.rounds}: all in sync after ${Math.round(round.syncedMs)} ms; ${round.trips.length} orders, at most ${longest} ms`,
      );
    }
    await settled(street);
    const { kiosks, catalogue } = await street.digests();
    return { goals: goalsOf(plan, rounds, kiosks, catalogue), raw: { plan, rounds } };
  } finally {
    await street.close();
  }
}

async function comeBack(street: FleetStreet, plan: FleetPlan, n: number): Promise<Round> {
  const { broker, online } = street;
  const random = createRandom(n, 'fleet');
  const trips: number[] = [];
  const open = new Set<string>();
  let failed = 0;
  street.onAnswered = ({ kiosk, tookMs, isDone }: Answered) => {
    open.delete(kiosk);
    trips.push(tookMs);
    if (!isDone) failed += 1;
  };
  await broker.kill();
  const silentMs = performance.now() + plan.outageMs;
  await street.live(plan.loans);
  await wait(Math.max(0, silentMs - performance.now()));
  let isSynced = false;
  const synced = street.synced().then(() => {
    isSynced = true;
    return performance.now();
  });
  await broker.start();
  const beganMs = performance.now();
  while (!isSynced) {
    const free = [...online].filter((kiosk) => !open.has(kiosk));
    if (free.length > 0) {
      const kiosk = random.pick(free);
      open.add(kiosk);
      street.order(kiosk, random.chance(0.5));
    }
    await wait(orderEveryMs);
  }
  const doneMs = await synced;
  const deadlineMs = performance.now() + limits.commandRepeatMs * 2;
  while (open.size > 0 && performance.now() < deadlineMs) await wait(orderEveryMs);
  return { syncedMs: doneMs - beganMs, trips, failed: failed + open.size };
}

/** What the last orders have written is stored too. */
async function settled(street: FleetStreet): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { kiosks, catalogue } = await street.digests();
    if (unlike(kiosks, catalogue).length === 0) return;
    await wait(200);
  }
}

/** The kiosks whose journal the catalogue does not have. */
const unlike = (kiosks: JournalDigests, catalogue: JournalDigests): string[] =>
  Object.entries(kiosks)
    .filter(([kiosk, { digest }]) => catalogue[kiosk]?.digest !== digest)
    .map(([kiosk]) => kiosk);

function goalsOf(
  plan: FleetPlan,
  rounds: readonly Round[],
  kiosks: JournalDigests,
  catalogue: JournalDigests,
): Goal[] {
  const times = rounds.map((round) => round.syncedMs);
  const trips = rounds.flatMap((round) => round.trips);
  const events = Object.values(kiosks).reduce((sum, story) => sum + story.events, 0);
  const unsent = plan.kiosks * plan.loans * stepsPerLoan;
  return [
    atMost(
      `${plan.kiosks} kiosks in sync after an outage, ms`,
      Math.max(...times),
      syncedMs,
      `${spread(times)}, ${unsent} unsent events in all; they come back within ${limits.linkReconnectMaxMs} ms by themselves`,
    ),
    exactly(
      'kiosks whose journal is not what the catalogue has',
      unlike(kiosks, catalogue).length,
      0,
      `${events} events, compared one by one after ${rounds.length} outages`,
    ),
    atMost(
      'longest round trip of an order meanwhile, ms',
      Math.max(...trips),
      roundTripMs,
      `p50 ${Math.round(median(trips))}, p99 ${Math.round(quantile(trips, 0.99))}, ${trips.length} orders, written down and answered by kiosks that were connected`,
    ),
    exactly(
      'orders that were not carried out',
      rounds.reduce((sum, round) => sum + round.failed, 0),
      0,
    ),
  ];
}
