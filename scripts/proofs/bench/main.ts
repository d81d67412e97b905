/**
 * `npm run bench -- NAME [--json] [--rounds N]`: measures one thing beside its goals; exit code 1 when one is missed.
 *
 *   scan      from a scan to the unlock, in time, syncs and bytes
 *   journal   a durable step, a long past, start-up
 *   drain     a backlog going out after an outage, beside a Mosquitto bridge
 *   fleet     500 kiosks that come back at once
 *   cabinet   the firmware: from command to pin, from switch to report, on the board's own clock
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { reportGoals } from '../support/goals.js';
import { benchCabinet } from './cabinet.js';
import { benchDrain, fullDrain } from './drain/main.js';
import { benchFleet, fullFleet } from './fleet/main.js';
import { benchJournal, fullPlan } from './journal.js';
import { type BenchResult, benchScan } from './scan.js';

const leastRounds = 1;

type Say = (text: string) => void;
type Bench = (folder: string, rounds: number, say: Say) => BenchResult | Promise<BenchResult>;

const benches: Readonly<Record<string, Bench>> = {
  scan: (folder, rounds, say) => benchScan(folder, { rounds, denseScans: 200, sparseScans: 40 }, say),
  cabinet: (_folder, rounds, say) => benchCabinet(rounds, say),
  fleet: (folder, rounds, say) => benchFleet(folder, { ...fullFleet, rounds }, say),
  drain: (folder, rounds, say) => benchDrain(folder, { ...fullDrain, rounds }, say),
  journal: (folder, rounds, say) => benchJournal(folder, { ...fullPlan, rounds }, say),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '7' } },
});
const rounds = Number(values.rounds);
const bench = positionals.length === 1 ? benches[positionals[0] ?? ''] : undefined;
if (!bench || !Number.isInteger(rounds) || rounds < leastRounds) {
  process.stderr.write(`npm run bench -- ${Object.keys(benches).join('|')} [--json] [--rounds N]\n`);
  process.exit(2);
}

// Not in the system's folder for temporary files, which may be memory: a sync has to reach a disk.
const dataFolder = fileURLToPath(new URL('data/', packageRoot));
mkdirSync(dataFolder, { recursive: true });
const folder = mkdtempSync(join(dataFolder, 'bench-'));
try {
  const { goals, raw } = await bench(folder, rounds, (text) => void process.stderr.write(`${text}\n`));
  const machine = {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryBytes: totalmem(),
    load: loadavg(),
  };
  reportGoals(goals, { json: values.json, extra: { machine, raw } });
} finally {
  rmSync(folder, { recursive: true });
}
