/**
 * `npm run torture:payloads`: what a broker can do that an attacker controls. N messages to a kiosk, a twentieth as many to a
 * catalogue, and packets that are hardly MQTT; no process may crash, no forgery may be accepted, and no lock may open.
 */
import { tmpdir } from 'node:os';
import { type Command, runProgram, wholeNumberFrom } from '../../../../src/terminal/command.js';
import { printer, proofCommand, seedOption, temporaryFolder } from '../../support/command.js';
import { reportGoals } from '../../support/goals.js';
import { torturePayloads } from './run.js';

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly json: boolean;
}

/** The command line of `npm run torture:payloads`. */
export function torturePayloadsCommand(): Command {
  const summary = 'Sends what a malicious broker could send: nothing may be accepted, opened or crash.';
  return proofCommand('torture:payloads', summary, ['npm run torture:payloads -- --count 10000 --seed 7'])
    .option('--count <number>', 'messages to the kiosk', wholeNumberFrom(1_000), 100_000)
    .addOption(seedOption())
    .action(torture);
}

async function torture({ count: messages, seed, json }: Options): Promise<void> {
  const say = printer(json);
  const folder = temporaryFolder(tmpdir(), 'lening-payloads-');
  say(`seed ${seed}`);
  const { goals, sent } = await torturePayloads({ messages, seed, folder });
  for (const [how, number] of Object.entries(sent)) say(`  ${how.padEnd(36)} ${number}`);
  say('');
  reportGoals(goals, { json, extra: { seed, messages, sent } });
}

await runProgram(import.meta.url, torturePayloadsCommand);
