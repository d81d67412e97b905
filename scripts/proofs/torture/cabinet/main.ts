/**
 * `npm run torture:cabinet -- [--minutes M] [--seed N] [--json] [--log FILE]`: the real kiosk, the real firmware, real ports;
 * residents and faults in an order that the seed gives; and every promise checked from outside. With --log every
 * observation is written to FILE. Exit code 1 when a promise was broken.
 *
 * `npm run torture:cabinet -- --reconnects N [--seed N] [--json]`: the board's driver alone, unplugged and plugged in N
 * times; what it holds afterwards is what it held before.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { megasOf, parseCabinet } from '../../../../hardware/cabinet.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { reportGoals } from '../../support/goals.js';
import { reconnect, reconnectGoals } from './reconnects.js';
import { torture } from './run.js';
import { goalsOf, type Verdict } from './verdict.js';

const usage =
  'npm run torture:cabinet -- [--minutes M] [--seed N] [--json] [--log FILE]\n' +
  'npm run torture:cabinet -- --reconnects N [--seed N] [--json]\n';
const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
const leastReconnects = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    json: { type: 'boolean', default: false },
    log: { type: 'string' },
    reconnects: { type: 'string' },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
const reconnects = values.reconnects === undefined ? null : Number(values.reconnects);
const isPossible =
  minutes > 0 && Number.isInteger(seed) && (reconnects ?? leastReconnects) >= leastReconnects;
if (!isPossible) {
  process.stderr.write(`${usage}at least ${leastReconnects} reconnects\n`);
  process.exit(2);
}

const say = (text: string) => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);

/** Prints how often each fault befell; returns it too. */
function tellFaults(verdicts: readonly Verdict[]): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const verdict of verdicts) {
    for (const [fault, count] of verdict.faults) faults[fault] = (faults[fault] ?? 0) + count;
  }
  say('\nfaults injected');
  for (const [fault, count] of Object.entries(faults)) say(`  ${fault.padEnd(24)} ${count}`);
  say('');
  return faults;
}

const cabinetYaml = readFileSync(cabinetFile, 'utf8');
const [wiring] = megasOf(parseCabinet(cabinetYaml, cabinetFile));
if (!wiring) throw new Error('the cabinet has no Mega');
const firmwareHex = readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'lening-torture-'));
say(`seed ${seed}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
if (reconnects === null) {
  const options = { minutes, seed, folder, firmwareHex, cabinetYaml, logFile: values.log, say };
  const verdicts = await torture(options);
  const faults = tellFaults(verdicts);
  reportGoals(goalsOf(verdicts, wiring), { json: values.json, extra: { seed, minutes, faults } });
} else {
  const options = { count: reconnects, seed, folder, firmwareHex, wiring, onProgress: say };
  reportGoals(reconnectGoals(await reconnect(options)), { json: values.json, extra: { seed } });
}
