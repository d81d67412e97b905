/**
 * `npm run torture:payloads -- [--count N] [--seed N] [--json]`: what a broker can do that has gone over to somebody else. N
 * messages to a kiosk, a twentieth as many to a catalogue, and packets that are hardly MQTT; nobody may crash, no forgery
 * may be believed, and no lock may open.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportGoals } from '../../support/goals.js';
import { torturePayloads } from './run.js';

const usage = 'npm run torture:payloads -- [--count N] [--seed N] [--json]\n';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    json: { type: 'boolean', default: false },
  },
});
const [messages, seed] = [Number(values.count), Number(values.seed)];
if (!Number.isInteger(messages) || messages < 1_000 || !Number.isInteger(seed)) {
  process.stderr.write(`${usage}at least 1000\n`);
  process.exit(2);
}

const say = (text: string) => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'lening-payloads-'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
say(`seed ${seed}`);
const { goals, sent } = await torturePayloads({ messages, seed, folder });
for (const [how, number] of Object.entries(sent)) say(`  ${how.padEnd(36)} ${number}`);
say('');
reportGoals(goals, { json: values.json, extra: { seed, messages, sent } });
