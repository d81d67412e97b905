import type { MegaBoard } from '../../../../hardware/cabinet.js';
import { atLeast, atMost, exactly, type Goal, quantile } from '../../support/goals.js';
import { wrongBeliefs, wrongReports } from './judge-doors.js';
import { judgeIntents, judgeLocks, wrongClaims } from './judge-visits.js';

import { breaking, type FaultName, hindering, type Observation } from './observation.js';
import type { Session } from './session.js';

/** The timer that ends a pulse counts milliseconds. */
const pulseToleranceMs = 1;
/** The ladder: a pulse, a longer one, and one more that the resident asks for. */
const pulsesPerIntentAtMost = 3;
/** The driver's longest backoff (10 s), a failed handshake (8 s) that noise or a halted kiosk had begun, and the next one. */
const recoveryAtMostMs = 20_000;

/** What one session came to. */
export type Verdict = ReturnType<typeof judgeSession>;

/** Judges one session by what was seen and recorded. */
export function judgeSession({ observations, events, endBoardMs, endMs, lentAgain, ends }: Session) {
  const intents = judgeIntents(observations, events);
  const faults = new Map<FaultName, number>();
  for (const each of observations) {
    if (each.kind === 'fault' && each.phase === 'begins') {
      faults.set(each.fault, (faults.get(each.fault) ?? 0) + 1);
    }
  }
  const reported = observations.filter(({ kind }) => kind === 'door').length;
  return {
    ...intents,
    ...judgeLocks(observations, endBoardMs),
    ...recoveriesIn(observations),
    faults,
    reported,
    ...wrongClaims(observations, events),
    wrongReports: wrongReports(observations),
    wrongBeliefs: wrongBeliefs(observations, endMs),
    lentAgain,
    ends,
  };
}

/** Whether the session kept every promise that is to be kept in each; the goals say the same of a whole run. */
export function isClean(verdict: Verdict, { coil, locksOnMax }: MegaBoard): boolean {
  return (
    verdict.longestOnMs <= coil.longPulseMs + pulseToleranceMs &&
    verdict.mostOnAtOnce <= locksOnMax &&
    verdict.mostPulsesPerIntent <= pulsesPerIntentAtMost &&
    broken(verdict).every(([, count]) => count === 0)
  );
}

function broken(verdict: Verdict): [name: string, count: number][] {
  return [
    ['doors opened without intent', verdict.withoutIntent.length],
    ['wrong door states reported', verdict.wrongReports.length],
    ['doors taken for what they were not for seconds', verdict.wrongBeliefs.length],
    ['intents with two outcomes, or outcomes without intent', verdict.wrongOutcomes.length],
    ['intents without outcome once all was quiet', verdict.underWay.length],
    ['recorded as lent or returned, and the door had not opened', verdict.neverOpened.length],
    ['recorded as never opened, and the door had been open', verdict.wasOpen.length],
    ['boards still lost once all was quiet', verdict.stillLost ? 1 : 0],
    ['kiosks that did not lend once all was quiet', verdict.lentAgain ? 0 : 1],
    ['kiosks that ended by themselves', verdict.ends.length],
  ];
}

/** The promises of a whole run beside what became of them. */
export function goalsOf(verdicts: readonly Verdict[], { coil, locksOnMax, lockers }: MegaBoard): Goal[] {
  const sum = (figure: (verdict: Verdict) => number) => verdicts.reduce((all, each) => all + figure(each), 0);
  const most = (figure: (verdict: Verdict) => number) => Math.max(0, ...verdicts.map(figure));
  const timesMs = verdicts.flatMap((each) => each.timesMs);
  const [pulses, intents, reported] = [sum((v) => v.pulses), sum((v) => v.intents), sum((v) => v.reported)];
  const counted = broken(verdicts[0] ?? emptyVerdict).map(([name], index): Goal => {
    const figure = sum((verdict) => broken(verdict)[index]?.[1] ?? 0);
    const details = [
      `${pulses} pulses`,
      `${reported} reports`,
      '',
      `${intents} intents`,
      `${intents} intents`,
    ];
    return exactly(name, figure, 0, details[index] || `${verdicts.length} kiosks`);
  });
  return [
    atMost(
      'longest time any lock was on, ms',
      most((verdict) => verdict.longestOnMs),
      coil.longPulseMs + pulseToleranceMs,
      `${pulses} pulses`,
    ),
    atMost(
      'locks on at once',
      most((v) => v.mostOnAtOnce),
      locksOnMax,
    ),
    atMost(
      'pulses for one intent',
      most((verdict) => verdict.mostPulsesPerIntent),
      pulsesPerIntentAtMost,
    ),
    ...counted,
    atMost(
      'recovery, from the end of the fault to board ready, max, ms',
      most((verdict) => Math.max(0, ...verdict.timesMs)),
      recoveryAtMostMs,
      `${timesMs.length} recoveries, p50 ${round(quantile(timesMs, 0.5))}, p99 ${round(quantile(timesMs, 0.99))}`,
    ),
    // A run in which nothing happened, or nothing was seen, proves nothing.
    atLeast('pulses', pulses, verdicts.length),
    atLeast(
      'loans and returns',
      sum((v) => v.loans + v.returns),
      verdicts.length,
    ),
    atLeast('doors reported', reported, lockers.length * verdicts.length),
  ];
}

const round = (ms: number): number => Math.round(ms);

const emptyVerdict: Verdict = judgeSession({
  observations: [],
  events: [],
  endBoardMs: 0,
  endMs: 0,
  lentAgain: true,
  ends: [],
});

/** How often the kiosk found its board again, and how long that took once nothing hindered it any more. */
export interface Recoveries {
  readonly timesMs: readonly number[];
  /** The board was lost last of all, and nothing hinders. */
  readonly stillLost: boolean;
}

/** Reads recoveries: from the end of the last fault that hindered, or the loss when that came later, to the board being ready. */
export function recoveriesIn(observations: readonly Observation[]): Recoveries {
  const timesMs: number[] = [];
  const active = new Set<FaultName>();
  let lost = true;
  /** Null before the first loss: a start is no recovery. */
  let sinceMs: number | null = null;
  for (const each of observations) {
    if (each.kind === 'fault' && hindering.has(each.fault)) {
      if (each.phase === 'begins') active.add(each.fault);
      else active.delete(each.fault);
      lost ||= breaking.has(each.fault);
      sinceMs = each.atMs;
    }
    if (each.kind === 'lost' && !lost) {
      lost = true;
      sinceMs = each.atMs;
    }
    if (each.kind === 'ready' && lost && ![...active].some((fault) => breaking.has(fault))) {
      // Found through noise: how long that took says nothing.
      if (sinceMs !== null && active.size === 0) timesMs.push(each.atMs - sinceMs);
      lost = false;
    }
  }
  return { timesMs, stillLost: lost };
}
