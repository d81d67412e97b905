import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom, type Random } from '../support/random.js';
import { type CabinetState, closedCabinet } from './simulated-visits.js';
import { addBreaches, type Breaches, ExpectedJournal, noBreaches, verify } from './verify.js';
import { readWriterOutput } from './writer-output.js';

/** A killed writer lived at most this long after its first words. */
const lifeMs = 120;
/** A round that says nothing for so long has failed. */
const outputTimeoutMs = 10_000;

/** What killing showed. */
export interface KillResult {
  readonly rounds: number;
  readonly events: number;
  readonly unlocks: number;
  readonly breaches: Breaches;
}

/** Lets a writer live on one journal, kills it, checks the journal, and again: each life begins where the last one ended. */
export async function killRepeatedly(
  folder: string,
  seed: number,
  rounds: number,
  onProgress: (share: number) => void,
): Promise<KillResult> {
  const file = join(folder, 'killed.db');
  const random = createRandom(seed, 'kills');
  const testimony = new ExpectedJournal();
  let [world, unlocks, breaches] = [closedCabinet, 0, noBreaches];
  for (let round = 0; round < rounds; round += 1) {
    const words = await runUntilKilled(file, seed + round, world, random);
    for (const said of readWriterOutput(words)) {
      testimony.record(said);
      if (said.kind === 'world') world = said.world;
      if (said.kind === 'unlock') unlocks += 1;
    }
    const found = verify(file, testimony, testimony);
    breaches = addBreaches(breaches, found.breaches);
    testimony.adopt(found.events);
    onProgress((round + 1) / rounds);
  }
  return { rounds, events: testimony.events.length, unlocks, breaches };
}

/** Resolves with what the writer said before it was killed, at a random moment after its first words. */
async function runUntilKilled(
  file: string,
  seed: number,
  world: CabinetState,
  random: Random,
): Promise<string> {
  const writer = fileURLToPath(new URL('writer.js', import.meta.url));
  const what = ['--file', file, '--seed', String(seed), '--world', JSON.stringify(world)];
  const child = spawn(process.execPath, [writer, ...what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const patience = setTimeout(() => child.kill('SIGKILL'), outputTimeoutMs);
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (words === '') setTimeout(() => child.kill('SIGKILL'), random.next() * lifeMs);
    words += text;
  });
  const [, signal] = await once(child, 'close');
  clearTimeout(patience);
  if (signal !== 'SIGKILL' || words === '')
    throw new Error(
      `the writer (seed ${seed}, ${signal}, ${JSON.stringify(world)}) ended by itself after: ${words}`,
    );
  return words;
}
