/** `npm run bench -- NAME`: measures one thing beside its goals. */
import { mkdirSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { type Command, runProgram, wholeNumberFrom } from '../../../src/terminal/command.js';
import { needsTools, type Tool } from '../../support/tools.js';
import { proofCommand, temporaryFolder } from '../support/command.js';
import { reportGoals } from '../support/goals.js';
import { benchCabinet } from './cabinet.js';
import { benchDrain, fullDrain } from './drain/main.js';
import { benchFleet, fullFleet } from './fleet/main.js';
import { benchJournal, fullPlan } from './journal.js';
import { type BenchResult, benchScan } from './scan.js';

type Say = (text: string) => void;

interface Bench {
  readonly summary: string;
  readonly tools: readonly Tool[];
  measure(folder: string, rounds: number, say: Say): BenchResult | Promise<BenchResult>;
}

const benches: Readonly<Record<string, Bench>> = {
  scan: {
    summary: 'from a scan to the unlock, in time, syncs and bytes',
    tools: ['strace'],
    measure: (folder, rounds, say) => benchScan(folder, { rounds, denseScans: 200, sparseScans: 40 }, say),
  },
  journal: {
    summary: 'a durable step, a long past, start-up',
    tools: [],
    measure: (folder, rounds, say) => benchJournal(folder, { ...fullPlan, rounds }, say),
  },
  drain: {
    summary: 'a backlog sent after an outage, beside a Mosquitto bridge',
    tools: ['mosquitto'],
    measure: (folder, rounds, say) => benchDrain(folder, { ...fullDrain, rounds }, say),
  },
  fleet: {
    summary: '500 kiosks that reconnect at once',
    tools: ['mosquitto'],
    measure: (folder, rounds, say) => benchFleet(folder, { ...fullFleet, rounds }, say),
  },
  cabinet: {
    summary: 'the firmware: from command to pin, from switch to report, on the board’s own clock',
    tools: [],
    measure: (_folder, rounds, say) => benchCabinet(rounds, say),
  },
};

/** The command line of `npm run bench`. */
export function benchCommand(): Command {
  const command = proofCommand('bench', 'Measures one thing beside its goals.', [
    'npm run bench -- scan --rounds 3',
    'npm run bench -- journal --json',
  ]).option('--rounds <number>', 'rounds of measurement', wholeNumberFrom(1), 7);
  for (const [name, bench] of Object.entries(benches)) {
    const options = () => command.opts<{ rounds: number; json: boolean }>();
    needsTools(command.command(name).description(bench.summary), bench.tools).action(() =>
      measure(bench, options()),
    );
  }
  return command;
}

async function measure(bench: Bench, { rounds, json }: { rounds: number; json: boolean }): Promise<void> {
  // Not in the system's folder for temporary files, which may be memory: a sync has to reach a disk.
  const dataFolder = fileURLToPath(new URL('data/', packageRoot));
  mkdirSync(dataFolder, { recursive: true });
  const folder = temporaryFolder(dataFolder, 'bench-');
  const { goals, raw } = await bench.measure(
    folder,
    rounds,
    (text) => void process.stderr.write(`${text}\n`),
  );
  const machine = {
    node: process.version,
    system: `${platform()} ${release()} ${arch()}`,
    cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryBytes: totalmem(),
    load: loadavg(),
  };
  reportGoals(goals, { json, extra: { machine, raw } });
}

await runProgram(import.meta.url, benchCommand);
