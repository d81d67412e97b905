import { type Goal, reportGoals } from '../support/goals.js';
import { actions } from './actions/index.js';
import type { Findings } from './campaign.js';
import type { Coverage } from './coverage.js';
import { troubles } from './mix.js';
import type { Telling } from './trace.js';

const day = 86_400_000;

/** A broken promise as a short story, one line a deed. */
export function storyOf({ seed, deeds, words, violation }: Telling): string {
  const lines = words.map((word, at) => {
    const waitMs = deeds[at]?.waitMs ?? 0;
    const when = waitMs > 0 ? `${(waitMs / 1_000).toFixed(1)} s later ` : '';
    return `  ${when}${word || `${deeds[at]?.action} …`}\n`;
  });
  return `seed ${seed}: ${violation?.check}: ${violation?.message}\n${lines.join('')}`;
}

/** How often each trouble came up, by its actions. */
export function mixOf({ actions: taken }: Findings): string {
  const lines = troubles.map((trouble) => {
    const own = actions.filter((action) => action.trouble === trouble);
    return `  ${trouble}: ${own.map(({ name }) => `${name} ${taken.get(name) ?? 0}`).join(', ') || 'how it starts'}\n`;
  });
  return `troubles:\n${lines.join('')}`;
}

/** Prints what a campaign with a sound kiosk found, beside its goals. */
export function reportFindings(found: Findings, coverage: Coverage | null, json: boolean): void {
  const { seeds, deeds, steps, simulatedMs, tookMs, broken } = found;
  const stepsPerSecond = Math.round((steps / tookMs) * 1_000);
  const goals: Goal[] = [
    {
      name: 'promises broken',
      figure: broken.length,
      goal: { exactly: 0 },
      detail: `${seeds} seeds, ${deeds} deeds, ${steps} steps, ${(simulatedMs / day).toFixed(0)} simulated days`,
    },
    ...(coverage ? [goalOf(coverage)] : []),
  ];
  if (!json) {
    for (const telling of broken) process.stdout.write(storyOf(telling));
    process.stdout.write(mixOf(found));
    process.stdout.write(`${stepsPerSecond} steps per second\n`);
  }
  const taken = Object.fromEntries(found.actions);
  const stories = broken.map(({ seed, violation, words }) => ({ seed, ...violation, words }));
  reportGoals(goals, { json, extra: { seeds, steps, simulatedMs, stepsPerSecond, actions: taken, stories } });
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
