import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom, type Random } from '../support/random.js';
import { type CabinetState, closedCabinet } from './simulated-visits.js';
import {
  addBreaches,
  type Breaches,
  ExpectedJournal,
  noBreaches,
  readWriterOutput,
  verify,
} from './verify.js';

/** A writer is killed at most this long after its first output. */
const maxRunMs = 120;
/** A round without output for this long has failed. */
const outputTimeoutMs = 10_000;

/** The result of the kills. */
export interface KillResult {
  readonly rounds: number;
  readonly events: number;
  readonly unlocks: number;
  readonly breaches: Breaches;
}

/** Runs a writer on a journal, kills it and checks the journal, for each round: a round starts where the last one ended. */
export async function killRepeatedly(
  folder: string,
  seed: number,
  rounds: number,
  onProgress: (share: number) => void,
): Promise<KillResult> {
  const file = join(folder, 'killed.db');
  const random = createRandom(seed, 'kills');
  const expected = new ExpectedJournal();
  let [cabinet, unlocks, breaches] = [closedCabinet, 0, noBreaches];
  for (let round = 0; round < rounds; round += 1) {
    const output = await runUntilKilled(file, seed + round, cabinet, random);
    for (const entry of readWriterOutput(output)) {
      expected.record(entry);
      if (entry.kind === 'cabinet') cabinet = entry.cabinet;
      if (entry.kind === 'unlock') unlocks += 1;
    }
    const found = verify(file, expected, expected);
    breaches = addBreaches(breaches, found.breaches);
    expected.adopt(found.events);
    onProgress((round + 1) / rounds);
  }
  return { rounds, events: expected.events.length, unlocks, breaches };
}

/** Resolves with the writer's output before it was killed, at a random moment after its first output. */
async function runUntilKilled(
  file: string,
  seed: number,
  cabinet: CabinetState,
  random: Random,
): Promise<string> {
  const writer = fileURLToPath(new URL('writer.js', import.meta.url));
  const what = ['--file', file, '--seed', String(seed), '--cabinet', JSON.stringify(cabinet)];
  const child = spawn(process.execPath, [writer, ...what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const outputTimer = setTimeout(() => child.kill('SIGKILL'), outputTimeoutMs);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '') setTimeout(() => child.kill('SIGKILL'), random.next() * maxRunMs);
    output += text;
  });
  const [, signal] = await once(child, 'close');
  clearTimeout(outputTimer);
  if (signal !== 'SIGKILL' || output === '')
    throw new Error(
      `the writer (seed ${seed}, ${signal}, ${JSON.stringify(cabinet)}) ended by itself after: ${output}`,
    );
  return output;
}
