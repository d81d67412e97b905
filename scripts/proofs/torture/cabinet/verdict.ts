import type { MegaBoard } from '../../../../hardware/cabinet.js';
import { quantile } from '../../bench/statistics.js';
import type { Goal } from '../../support/goals.js';
import { wrongBeliefs, wrongReports } from './judge-doors.js';
import { judgeIntents, judgeLocks } from './judge-locks.js';
import { wrongClaims } from './judge-visits.js';
import type { FaultName } from './observation.js';
import { recoveriesIn } from './recovery.js';
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
    return { name, figure, goal: { exactly: 0 }, detail: details[index] || `${verdicts.length} kiosks` };
  });
  return [
    {
      name: 'longest time any lock was on, ms',
      figure: most((verdict) => verdict.longestOnMs),
      goal: { atMost: coil.longPulseMs + pulseToleranceMs },
      detail: `${pulses} pulses`,
    },
    { name: 'locks on at once', figure: most((v) => v.mostOnAtOnce), goal: { atMost: locksOnMax } },
    {
      name: 'pulses for one intent',
      figure: most((verdict) => verdict.mostPulsesPerIntent),
      goal: { atMost: pulsesPerIntentAtMost },
    },
    ...counted,
    {
      name: 'recovery, from the end of the fault to board ready, max, ms',
      figure: most((verdict) => Math.max(0, ...verdict.timesMs)),
      goal: { atMost: recoveryAtMostMs },
      detail: `${timesMs.length} recoveries, p50 ${round(quantile(timesMs, 0.5))}, p99 ${round(quantile(timesMs, 0.99))}`,
    },
    // A run in which nothing happened, or nothing was seen, proves nothing.
    { name: 'pulses', figure: pulses, goal: { atLeast: verdicts.length } },
    {
      name: 'loans and returns',
      figure: sum((v) => v.loans + v.returns),
      goal: { atLeast: verdicts.length },
    },
    { name: 'doors reported', figure: reported, goal: { atLeast: lockers.length * verdicts.length } },
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
