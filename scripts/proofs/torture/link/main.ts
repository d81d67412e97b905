/**
 * `npm run torture:link -- [--minutes M] [--seed N] [--kiosks N] [--json]`: real kiosks' journals and links, the real catalogue
 * and a real Mosquitto, with faults in an order that the seed gives; then what was made is held against what is stored.
 * Exit code 1 when a promise was broken.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportGoals } from '../../support/goals.js';
import { tortureLink } from './run.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    kiosks: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const [minutes, seed, kiosks] = [values.minutes, values.seed, values.kiosks].map(Number);
if (!(minutes && minutes > 0 && kiosks && kiosks > 0 && Number.isInteger(kiosks) && Number.isInteger(seed))) {
  process.stderr.write('npm run torture:link -- [--minutes M] [--seed N] [--kiosks N] [--json]\n');
  process.exit(2);
}
const say = (text: string) => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'lening-torture-link-'));
say(`seed ${seed}`);
try {
  const { goals, faults, remarks } = await tortureLink({ folder, minutes, seed: seed ?? 0, kiosks, say });
  say('\nfaults injected');
  for (const [fault, count] of Object.entries(faults)) say(`  ${fault.padEnd(34)} ${count}`);
  for (const remark of remarks) say(remark);
  say('');
  reportGoals(goals, { json: values.json, extra: { seed, minutes, faults, remarks } });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
