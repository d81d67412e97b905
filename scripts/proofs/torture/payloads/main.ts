/**
 * `npm run torture:payloads`: what a broker can do that an attacker controls. N messages to a kiosk, a twentieth as many to a
 * catalogue, and packets that are hardly MQTT; no process may crash, no forgery may be accepted, and no lock may open.
 */

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, runProgram, wholeNumberFrom } from '../../../../src/terminal/command.js';
import { printer, proofCommand, seedOption, temporaryFolder } from '../../support/command.js';
import { atLeast, exactly, type Goal, reportGoals } from '../../support/goals.js';
import { createRandom } from '../../support/random.js';
import { attackCatalogue } from './catalogue-campaign.js';
import { total } from './forgeries.js';
import { sendInvalidPackets } from './invalid-packets.js';
import { attackKiosk } from './kiosk-campaign.js';
import { sendMalformed } from './malformed-messages.js';

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
  const print = printer(json);
  const folder = temporaryFolder(tmpdir(), 'lening-payloads-');
  print(`seed ${seed}`);
  const { goals, sent } = await torturePayloads({ messages, seed, folder });
  for (const [how, number] of Object.entries(sent)) print(`  ${how.padEnd(36)} ${number}`);
  print('');
  reportGoals(goals, { json, extra: { seed, messages, sent } });
}

export interface PayloadOptions {
  /** To the kiosk; the others hear a share of it. */
  readonly messages: number;
  readonly seed: number;
  readonly folder: string;
}

/** What came of it all, and the kiosk's messages by how they were made. */
export interface PayloadReport {
  readonly goals: readonly Goal[];
  readonly sent: Readonly<Record<string, number>>;
}

/** Runs every campaign, one after another. Errors that nobody awaits count as crashes too. */
export async function torturePayloads({ messages, seed, folder }: PayloadOptions): Promise<PayloadReport> {
  const crashes: string[] = [];
  const crashed = (error: unknown) => void crashes.push(String(error));
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed);
  try {
    const inside = (name: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      return join(folder, name);
    };
    const kiosk = await attackKiosk(inside('kiosk'), messages, createRandom(seed, 'kiosk'));
    const share = Math.ceil(messages / 20);
    const catalogue = await attackCatalogue(inside('catalogue'), share, createRandom(seed, 'catalogue'));
    const nonsense = await sendMalformed(inside('nonsense'), share, createRandom(seed, 'nonsense'));
    const wire = await sendInvalidPackets(share, createRandom(seed, 'wire'));
    crashes.push(...kiosk.crashes, ...nonsense.crashes);
    const believed = [...kiosk.believed, ...catalogue.believed];
    const truths = kiosk.genuine.sent + catalogue.genuine.sent + 1;
    const heard = kiosk.genuine.believed + catalogue.genuine.believed + (wire.isAlive ? 1 : 0);
    return {
      sent: Object.fromEntries([...kiosk.sent].sort(([a], [b]) => a.localeCompare(b))),
      goals: [
        atLeast('forged or misplaced messages to a kiosk', total(kiosk.sent), messages),
        atLeast('forged messages to a catalogue', total(catalogue.sent), share),
        atLeast('nonsense under a good seal', nonsense.sent, share),
        atLeast('packets that are hardly MQTT', wire.packets, share),
        exactly('crashes', crashes.length, 0, first(crashes)),
        exactly('forgeries believed', believed.length, 0, first(believed)),
        exactly('locks released by them', kiosk.unlocks, 0),
        exactly('true messages believed afterwards', heard, truths),
      ],
    };
  } finally {
    process.off('uncaughtException', crashed).off('unhandledRejection', crashed);
  }
}

const first = (words: readonly string[]) => words.slice(0, 3).join('; ').slice(0, 500);

await runProgram(import.meta.url, torturePayloadsCommand);
