import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, createCommand, Option, wholeNumberFrom } from '../../../src/terminal/command.js';

/** The command line of a proof, `npm run NAME --`. It ends with its goals: see `reportGoals`. */
export function proofCommand(name: string, summary: string, examples: readonly string[]): Command {
  return createCommand(
    `npm run ${name} --`,
    `${summary} Ends with its goals; exit code 1 when one is missed.`,
    examples,
  ).option('--json', 'print goals and figures as one line of JSON', false);
}

/** The option of a proof whose events depend on chance: the same seed repeats them. */
export function seedOption(): Option {
  return new Option('--seed <number>', 'repeat the run with this seed')
    .argParser(wholeNumberFrom(0))
    .default(randomInt(2 ** 31), 'random');
}

/** Prints a line to people: with `json` on standard error, beside the result. */
export function printer(json: boolean): (text: string) => void {
  return (text) => void (json ? process.stderr : process.stdout).write(`${text}\n`);
}

/** Prints on standard error how much of the work is done, in tenths; `share` is from 0 to 1. */
export function progressOf(work: string): (share: number) => void {
  let printed = 0;
  return (share) => {
    const tenths = Math.floor(share * 10);
    if (tenths > printed) process.stderr.write(`${work}: ${tenths * 10} %\n`);
    printed = tenths;
  };
}

/** In memory where there is such a disk: for proofs that do not depend on what a real one keeps or how slow it is. */
export const memoryDisk = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder in memory that is removed with all that `work` leaves in it. */
export function inMemoryFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(memoryDisk, 'lening-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A new folder in `parent` that is removed when the program ends, also by SIGINT or SIGTERM. */
export function temporaryFolder(parent: string, prefix: string): string {
  const folder = mkdtempSync(join(parent, prefix));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  return folder;
}
