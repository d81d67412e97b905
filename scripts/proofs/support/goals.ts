/** One measured or counted figure beside what it should be. */
export interface Goal {
  /** What was measured, in words, with its unit last: `scan to unlock, p50, µs`. */
  readonly name: string;
  readonly figure: number;
  readonly goal: { readonly atMost: number } | { readonly atLeast: number } | { readonly exactly: number };
  /** What the figure rests on: ranges, rounds, what it was compared with. */
  readonly detail?: string | undefined;
}

/** A figure that is to be at most `limit`. */
export const atMost = (name: string, figure: number, limit: number, detail?: string): Goal => ({
  ...{ name, figure, detail },
  goal: { atMost: limit },
});

/** A figure that is to be at least `limit`. */
export const atLeast = (name: string, figure: number, limit: number, detail?: string): Goal => ({
  ...{ name, figure, detail },
  goal: { atLeast: limit },
});

/** A figure that is to be exactly `wanted`. */
export const exactly = (name: string, figure: number, wanted: number, detail?: string): Goal => ({
  ...{ name, figure, detail },
  goal: { exactly: wanted },
});

/** Whether the figure is as good as its goal. */
export function isMet({ figure, goal }: Goal): boolean {
  if ('atMost' in goal) return figure <= goal.atMost;
  if ('atLeast' in goal) return figure >= goal.atLeast;
  return figure === goal.exactly;
}

/**
 * Prints each goal with its figure and whether it was met: as a table, or with `json` as one line of JSON with `extra`
 * (raw figures, machine). Sets the exit code to 1 when one was missed.
 */
export function reportGoals(goals: readonly Goal[], options: { json: boolean; extra?: object }): void {
  const missed = goals.filter((goal) => !isMet(goal));
  if (missed.length > 0) process.exitCode = 1;
  if (options.json) {
    const judged = goals.map((goal) => ({ ...goal, met: isMet(goal) }));
    process.stdout.write(`${JSON.stringify({ goals: judged, ...options.extra })}\n`);
    return;
  }
  const lines = goals.map(columnsOf);
  const widths = [0, 1, 2].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  for (const [name = '', figure = '', goal = '', verdict = ''] of lines) {
    const [nameWidth = 0, figureWidth = 0, goalWidth = 0] = widths;
    const row = `${name.padEnd(nameWidth)}  ${figure.padStart(figureWidth)}  ${goal.padEnd(goalWidth)}`;
    process.stdout.write(`${row}  ${verdict}\n`);
  }
  process.stdout.write(`${goals.length - missed.length} of ${goals.length} goals met\n`);
}

function columnsOf(goal: Goal): [name: string, figure: string, goal: string, verdict: string] {
  const verdict = isMet(goal) ? 'met' : 'MISSED';
  return [goal.name, short(goal.figure), wordsOf(goal.goal), `${verdict}  ${goal.detail ?? ''}`.trimEnd()];
}

function wordsOf(goal: Goal['goal']): string {
  if ('atMost' in goal) return `≤ ${short(goal.atMost)}`;
  if ('atLeast' in goal) return `≥ ${short(goal.atLeast)}`;
  return `= ${short(goal.exactly)}`;
}

const short = (figure: number) => String(Number(figure.toPrecision(4)));

/** The value below which `share` (0 to 1) of the values lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle value. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median and range in one text: `312 [298..340]`. */
export function spread(values: readonly number[]): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)].map(Math.round);
  return `${middle} [${low}..${high}]`;
}
