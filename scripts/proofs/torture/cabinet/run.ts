import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mega } from '../../../../firmware-bridge/emulator/atmega2560.js';
import { flashImage } from '../../../../firmware-bridge/emulator/machine.js';
import { warmUp } from '../../../../firmware-bridge/emulator/warm-up.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../../../hardware/cabinet.js';
import { lineOf } from './observation.js';
import { runSession, type Session } from './session.js';
import { isClean, judgeSession, type Verdict } from './verdict.js';

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
export async function torture(options: RunOptions): Promise<Verdict[]> {
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
