/**
 * `npm run torture:link`: real kiosks' journals and links, the real catalogue and a real Mosquitto, with faults in an order
 * that the seed gives; then the journals are compared with what the catalogue has stored.
 */
import { tmpdir } from 'node:os';
import { type Command, numberFrom, runProgram, wholeNumberFrom } from '../../../../src/terminal/command.js';
import { needsTools } from '../../../support/tools.js';
import { printer, proofCommand, seedOption, temporaryFolder } from '../../support/command.js';
import { reportGoals } from '../../support/goals.js';
import { tortureLink } from './run.js';

interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly kiosks: number;
  readonly json: boolean;
}

/** The command line of `npm run torture:link`. */
export function tortureLinkCommand(): Command {
  const summary =
    'Cuts, stalls, kills and restores Mosquitto, catalogue and kiosks; nothing may be lost, doubled or done twice.';
  const command = proofCommand('torture:link', summary, ['npm run torture:link -- --minutes 1 --kiosks 2'])
    .option('--minutes <number>', 'how long', numberFrom(0.01), 2)
    .addOption(seedOption())
    .option('--kiosks <number>', 'how many kiosks', wholeNumberFrom(1), 3)
    .action(torture);
  return needsTools(command, ['mosquitto']);
}

async function torture({ minutes, seed, kiosks, json }: Options): Promise<void> {
  const print = printer(json);
  const folder = temporaryFolder(tmpdir(), 'lening-torture-link-');
  print(`seed ${seed}`);
  const { goals, faults, remarks } = await tortureLink({ folder, minutes, seed, kiosks, print });
  print('\nfaults injected');
  for (const [fault, count] of Object.entries(faults)) print(`  ${fault.padEnd(34)} ${count}`);
  for (const remark of remarks) print(remark);
  print('');
  reportGoals(goals, { json, extra: { seed, minutes, faults, remarks } });
}

await runProgram(import.meta.url, tortureLinkCommand);
