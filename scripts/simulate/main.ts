import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Coverage } from './coverage.js';
import { sound } from './sound.js';
import { tell } from './story.js';

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'lening-simulate-'));
const coverage = new Coverage();
const begun = performance.now();
let steps = 0;
for (let seed = 1; seed <= Number(process.argv[2] ?? 20); seed += 1) {
  const told = tell({ seed, folder, breaker: sound, coverage }, 300);
  steps += told.steps;
  if (told.violation) process.stdout.write(`${seed} ${told.violation.check}: ${told.violation.message}\n`);
}
const s = (performance.now() - begun) / 1000;
process.stdout.write(
  `${steps} steps in ${s.toFixed(1)} s: ${Math.round(steps / s)} per s\n${coverage.missing().join('\n')}\n`,
);
rmSync(folder, { recursive: true });
