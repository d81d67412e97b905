import { type Goal, reportGoals } from '../support/goals.js';
import { actions } from './actions/index.js';
import type { Findings } from './campaign.js';
import type { Coverage } from './coverage.js';
import { faultGroups } from './mix.js';
import type { Run } from './trace.js';

const day = 86_400_000;

/** The trace of a run in which a promise was broken: one line for each action. */
export function traceOf({ seed, actions: taken, words, violation }: Run): string {
  const lines = words.map((word, at) => {
    const waitMs = taken[at]?.waitMs ?? 0;
    const when = waitMs > 0 ? `${(waitMs / 1_000).toFixed(1)} s later ` : '';
    return `  ${when}${word || `${taken[at]?.action} …`}\n`;
  });
  return `seed ${seed}: ${violation?.check}: ${violation?.message}\n${lines.join('')}`;
}

/** How often the actions of each fault group were taken. */
export function faultGroupsOf({ actionCounts: taken }: Findings): string {
  const lines = faultGroups.map((group) => {
    const own = actions.filter((action) => action.faultGroup === group);
    return `  ${group}: ${own.map(({ name }) => `${name} ${taken.get(name) ?? 0}`).join(', ') || 'how it starts'}\n`;
  });
  return `faults:
${lines.join('')}`;
}

/** Prints what a campaign with a sound kiosk found, beside its goals. */
export function reportFindings(found: Findings, coverage: Coverage | null, json: boolean): void {
  const { seeds, actionsTaken, steps, simulatedMs, tookMs, broken } = found;
  const stepsPerSecond = Math.round((steps / tookMs) * 1_000);
  const goals: Goal[] = [
    {
      name: 'promises broken',
      figure: broken.length,
      goal: { exactly: 0 },
      detail: `${seeds} seeds, ${actionsTaken} actions, ${steps} steps, ${(simulatedMs / day).toFixed(0)} simulated days`,
    },
    ...(coverage ? [goalOf(coverage)] : []),
  ];
  if (!json) {
    for (const run of broken) process.stdout.write(traceOf(run));
    process.stdout.write(faultGroupsOf(found));
    process.stdout.write(`${stepsPerSecond} steps per second\n`);
  }
  const actionCounts = Object.fromEntries(found.actionCounts);
  const runs = broken.map(({ seed, violation, words }) => ({ seed, ...violation, words }));
  reportGoals(goals, {
    json,
    extra: { seeds, steps, simulatedMs, stepsPerSecond, actions: actionCounts, runs },
  });
}

function goalOf(coverage: Coverage): Goal {
  const missing = coverage.missing();
  return {
    name: 'pairs of visit and input seen',
    figure: coverage.wanted - missing.length,
    goal: { atLeast: coverage.wanted },
    detail: missing.length > 0 ? `never: ${missing.join(', ')}` : `rarest: ${rarest(coverage)}`,
  };
}

const rarest = (coverage: Coverage) =>
  coverage
    .counts()
    .slice(0, 3)
    .map(([pair, times]) => `${pair} ${times} times`)
    .join(', ');
