import { type Command, runProgram } from '../../../src/terminal/command.js';
import { proofCommand } from '../support/command.js';
import { exactly, reportGoals } from '../support/goals.js';
import { story } from './story.js';
import { openStreet, type Street } from './street.js';

/** The command line of `npm run walkthrough`. */
export function walkthroughCommand(): Command {
  const summary =
    'Plays one resident’s story through the outermost interfaces only; a line and a time for each step.';
  return proofCommand('walkthrough', summary, [
    'npm run walkthrough',
    'npm run walkthrough -- --json',
  ]).action(walk);
}

/** Plays the story up to the first step that fails. */
async function walk({ json }: { readonly json: boolean }): Promise<void> {
  const say = (text: string) => {
    if (!json) process.stdout.write(text);
  };
  const startedMs = performance.now();
  const street = await openStreet();
  const steps: { says: string; ms: number; failure?: string }[] = [];
  try {
    await play(street, steps, say);
  } finally {
    await street.close();
  }
  const passed = steps.filter(({ failure }) => failure === undefined).length;
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say('\n');
  reportGoals([exactly('steps of the story played', passed, story.length, `${seconds} s in all`)], {
    json,
    extra: { steps },
  });
}

async function play(
  { scene }: Street,
  steps: { says: string; ms: number; failure?: string }[],
  say: (text: string) => void,
): Promise<void> {
  for (const [index, step] of story.entries()) {
    const startMs = performance.now();
    const number = String(index + 1).padStart(2);
    try {
      await step.play(scene);
      const ms = Math.round(performance.now() - startMs);
      steps.push({ says: step.says, ms });
      say(`${number}  ok    ${(ms / 1_000).toFixed(2).padStart(6)} s  ${step.says}\n`);
    } catch (error) {
      const failure = reasonsOf(error);
      steps.push({ says: step.says, ms: Math.round(performance.now() - startMs), failure });
      say(`${number}  FAILED           ${step.says}\n                      ${failure}\n`);
      return;
    }
  }
}

/** An error's message with those of its causes, the first cause first. */
function reasonsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${reasonsOf(error.cause)}; ${error.message}`;
}

await runProgram(import.meta.url, walkthroughCommand);
