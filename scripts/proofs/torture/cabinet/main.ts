/**
 * `npm run torture:cabinet`: the real kiosk, the real firmware, real ports; residents and faults in an order that the seed
 * gives; and every promise checked from outside. With `--reconnects` the board's driver alone, unplugged and plugged in.
 */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type MegaBoard, megasOf, parseCabinet } from '../../../../hardware/cabinet.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { type Command, numberFrom, runProgram, wholeNumberFrom } from '../../../../src/terminal/command.js';
import { printer, proofCommand, seedOption, temporaryFolder } from '../../support/command.js';
import { reportGoals } from '../../support/goals.js';
import { reconnect, reconnectGoals } from './reconnects.js';
import { torture } from './run.js';
import { goalsOf, type Verdict } from './verdict.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
const leastReconnects = 20;

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly json: boolean;
  readonly log?: string;
  readonly reconnects?: number;
}

/** The command line of `npm run torture:cabinet`. */
export function tortureCabinetCommand(): Command {
  const summary =
    'Runs the real kiosk on emulated boards with unplugs, resets, noise, kills and stuck doors, and checks every promise.';
  return proofCommand('torture:cabinet', summary, [
    'npm run torture:cabinet -- --minutes 1 --seed 7',
    'npm run torture:cabinet -- --reconnects 1000',
  ])
    .option('--minutes <number>', 'how long', numberFrom(0.01), 2)
    .addOption(seedOption())
    .option('--log <file>', 'write every observation to this file')
    .option(
      '--reconnects <number>',
      'only the board’s driver, reconnected this often: what it holds afterwards is what it held before',
      wholeNumberFrom(leastReconnects),
    )
    .action(tortureCabinet);
}

async function tortureCabinet({ minutes, seed, json, log, reconnects }: Options): Promise<void> {
  const say = printer(json);
  const cabinetYaml = readFileSync(cabinetFile, 'utf8');
  const wiring = theMega(cabinetYaml);
  const firmwareHex = readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');
  const folder = temporaryFolder(tmpdir(), 'lening-torture-');
  say(`seed ${seed}`);
  if (reconnects !== undefined) {
    const run = await reconnect({ count: reconnects, seed, folder, firmwareHex, wiring, onProgress: say });
    reportGoals(reconnectGoals(run), { json, extra: { seed } });
    return;
  }
  const verdicts = await torture({ minutes, seed, folder, firmwareHex, cabinetYaml, logFile: log, say });
  const faults = countFaults(verdicts);
  say('\nfaults injected');
  for (const [fault, count] of Object.entries(faults)) say(`  ${fault.padEnd(24)} ${count}`);
  say('');
  reportGoals(goalsOf(verdicts, wiring), { json, extra: { seed, minutes, faults } });
}

function theMega(cabinetYaml: string): MegaBoard {
  const [wiring] = megasOf(parseCabinet(cabinetYaml, cabinetFile));
  if (!wiring) throw new Error('the cabinet has no Mega');
  return wiring;
}

/** How often each fault was injected. */
function countFaults(verdicts: readonly Verdict[]): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const verdict of verdicts) {
    for (const [fault, count] of verdict.faults) faults[fault] = (faults[fault] ?? 0) + count;
  }
  return faults;
}

await runProgram(import.meta.url, tortureCabinetCommand);
