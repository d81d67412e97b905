/**
 * `npm run torture:cabinet`: the real kiosk, the real firmware, real ports; residents and faults in an order that the seed
 * gives; and every promise checked from outside. With `--reconnects` the board's driver alone, unplugged and plugged in.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mega } from '../../../../firmware-bridge/emulator/atmega2560.js';
import { flashImage } from '../../../../firmware-bridge/emulator/machine.js';
import { warmUp } from '../../../../firmware-bridge/emulator/warm-up.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../../../hardware/cabinet.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { type Command, numberFrom, runProgram, wholeNumberFrom } from '../../../../src/terminal/command.js';
import { printer, proofCommand, seedOption, temporaryFolder } from '../../support/command.js';
import { reportGoals } from '../../support/goals.js';
import { lineOf } from './observation.js';
import { reconnect, reconnectGoals } from './reconnects.js';
import { runSession, type Session } from './session.js';
import { goalsOf, isClean, judgeSession, type Verdict } from './verdict.js';

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

/** Long enough for faults to meet, short enough that a cabinet does not lose all its lockers to the crowbar. */
const sessionMs = 45_000;
const lastObservations = 50;

export interface RunOptions {
  readonly minutes: number;
  readonly seed: number;
  /** For journals and ports. */
  readonly folder: string;
  readonly firmwareHex: string;
  /** The cabinet's description; every other kiosk has its relays the other way round. */
  readonly cabinetYaml: string;
  /** Where every observation is written, a line each. */
  readonly logFile: string | undefined;
  say(text: string): void;
}

/** A cabinet as one kiosk after the other gets it; its board keeps its EEPROM. */
interface Wired {
  readonly cabinetFile: string;
  readonly wiring: MegaBoard;
  readonly eeprom: Uint8Array;
}

/** Tortures one kiosk after another; prints at once what led to a broken promise. */
async function torture(options: RunOptions): Promise<Verdict[]> {
  const { minutes, seed, folder, firmwareHex, cabinetYaml, logFile, say } = options;
  // Cold, the emulation is slower than the board it stands for.
  warmUp(flashImage(firmwareHex));
  const cabinets = [cabinetYaml, turned(cabinetYaml)].map((yaml, index) =>
    wire(yaml, join(folder, `cabinet-${index}.yaml`)),
  );
  const sessions = Math.ceil((minutes * 60_000) / sessionMs);
  const faultsMs = Math.ceil((minutes * 60_000) / sessions);
  const verdicts: Verdict[] = [];
  for (let number = 1; number <= sessions; number += 1) {
    const cabinet = cabinets[(number - 1) % cabinets.length];
    if (!cabinet) throw new Error('there is a cabinet');
    const session = await runSession({
      ...{ number, seed, firmwareHex, faultsMs, ...cabinet },
      folder: join(folder, String(number)),
      onProgress: (words) => say(`  kiosk ${number} of ${sessions}: ${words}`),
    });
    if (logFile !== undefined) appendFileSync(logFile, `${session.observations.map(lineOf).join('\n')}\n`);
    const verdict = judgeSession(session);
    verdicts.push(verdict);
    const { pulses, loans, returns, timesMs } = verdict;
    say(
      `kiosk ${number} of ${sessions}: ${pulses} pulses, ${loans} loans, ${returns} returns, ${timesMs.length} recoveries`,
    );
    if (!isClean(verdict, cabinet.wiring)) printBreach(session, verdict, options);
  }
  return verdicts;
}

function turned(yaml: string): string {
  return yaml.replace(/active-(high|low)/, (_, level) => (level === 'high' ? 'active-low' : 'active-high'));
}

function wire(yaml: string, cabinetFile: string): Wired {
  writeFileSync(cabinetFile, yaml);
  const [wiring] = megasOf(parseCabinet(yaml, cabinetFile));
  if (!wiring) throw new Error('the cabinet has no Mega');
  return { cabinetFile, wiring, eeprom: new Uint8Array(mega.eepromBytes).fill(0xff) };
}

function printBreach({ observations }: Session, verdict: Verdict, { seed, minutes, say }: RunOptions): void {
  const { faults: _, timesMs: __, ...rest } = verdict;
  say(
    `\na promise was broken; --seed ${seed} --minutes ${minutes} repeats the faults. The last observations:`,
  );
  for (const each of observations.slice(-lastObservations)) say(lineOf(each));
  say(JSON.stringify(rest));
}

await runProgram(import.meta.url, tortureCabinetCommand);
