import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Coverage } from './coverage.js';
import { shrink } from './shrink.js';
import { tell } from './story.js';
import { sound } from './witness.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '400' },
    shrink: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'lening-simulate-'));
const coverage = new Coverage();
const begun = performance.now();
let steps = 0;
const first = Number(values.seed ?? 1);
const last = values.seed ? first : Number(values.seeds);
for (let seed = first; seed <= last; seed += 1) {
  const parts = { seed, folder, breaker: sound, coverage };
  let told = tell(parts, Number(values.steps));
  steps += told.steps;
  if (told.violation) {
    process.stdout.write(`${seed} ${told.violation.check}: ${told.violation.message}\n`);
    if (values.shrink) {
      told = shrink(parts, told);
      process.stdout.write(
        `${told.words.map((word, at) => `  ${told.deeds[at]?.waitMs} ms: ${word}`).join('\n')}\n ${told.violation?.message}\n`,
      );
    }
  }
}
const s = (performance.now() - begun) / 1000;
process.stdout.write(
  `${steps} steps in ${s.toFixed(1)} s: ${Math.round(steps / s)} per s\n${coverage.missing().join('\n')}\n`,
);
rmSync(folder, { recursive: true });
