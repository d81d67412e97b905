/**
 * `npm run torture:cabinet -- [--minutes M] [--seed N] [--json] [--log FILE]`: the real kiosk, the real firmware, real ports; residents
 * and faults in an order that the seed gives; and every promise checked from outside. Exit code 1 when one was broken.
 *
 * With --log every observation is written to FILE, a line each.
 *
 * `npm run torture:cabinet -- --reconnects N [--json]`: only the board's driver, unplugged and plugged in N times.
 */
import { randomInt } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mega } from '../../firmware-bridge/emulator/atmega2560.js';
import { parseIntelHex } from '../../firmware-bridge/emulator/intel-hex.js';
import { warmUp } from '../../firmware-bridge/emulator/warm-up.js';
import { type MegaBoard, megasOf, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { reportGoals } from '../goals.js';
import { playChapter } from './chapter.js';
import { lineOf } from './observation.js';
import { goalsOf, isClean, judgeChapter, type Verdict } from './verdict.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));
/** Long enough for faults to meet, short enough that a cabinet does not lose all its lockers to the crowbar. */
const chapterMs = 45_000;
const lastObservations = 50;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    json: { type: 'boolean', default: false },
    log: { type: 'string' },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isInteger(seed)) {
  process.stderr.write(
    'npm run torture:cabinet -- [--minutes M] [--seed N] [--json] [--log FILE] [--reconnects N]\n',
  );
  process.exit(2);
}

const say = (text: string) => void (values.json ? process.stderr : process.stdout).write(`${text}\n`);

async function torture(wiring: MegaBoard, folder: string): Promise<Verdict[]> {
  const firmwareHex = readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');
  // Cold, the emulation is slower than the board it stands for.
  warmUp(parseIntelHex(firmwareHex, mega.flashBytes));
  const eeprom = new Uint8Array(mega.eepromBytes).fill(0xff);
  const verdicts: Verdict[] = [];
  const chapters = Math.ceil((minutes * 60_000) / chapterMs);
  const faultsMs = Math.ceil((minutes * 60_000) / chapters);
  for (let number = 1; number <= chapters; number += 1) {
    const place = join(folder, String(number));
    const onProgress = (words: string) => say(`  kiosk ${number} of ${chapters}: ${words}`);
    const options = {
      number,
      seed,
      folder: place,
      firmwareHex,
      cabinetFile,
      wiring,
      eeprom,
      faultsMs,
      onProgress,
    };
    const chapter = await playChapter(options);
    if (values.log !== undefined)
      appendFileSync(values.log, chapter.observations.map((each) => `${lineOf(each)}\n`).join(''));
    const verdict = judgeChapter(chapter);
    verdicts.push(verdict);
    say(
      `kiosk ${number}: ${verdict.pulses} pulses, ${verdict.loans} loans, ${verdict.returns} returns, ${verdict.timesMs.length} recoveries`,
    );
    if (!isClean(verdict, wiring)) {
      const { withoutIntent, wrongReports, wrongBeliefs, wrongOutcomes, underWay, ends } = verdict;
      say(`\na promise was broken; --seed ${seed} repeats the order of events. The last observations:`);
      for (const each of chapter.observations.slice(-lastObservations)) say(lineOf(each));
      say(
        JSON.stringify({ withoutIntent, wrongReports, wrongBeliefs, wrongOutcomes, underWay, ends }, null, 1),
      );
    }
  }
  return verdicts;
}

const [wiring] = megasOf(parseCabinet(readFileSync(cabinetFile, 'utf8'), cabinetFile));
if (!wiring) throw new Error('the cabinet has no Mega');
const folder = mkdtempSync(join(tmpdir(), 'lening-torture-'));
say(`seed ${seed}`);
try {
  const verdicts = await torture(wiring, folder);
  const faults: Record<string, number> = {};
  for (const verdict of verdicts) {
    for (const [fault, count] of verdict.faults) faults[fault] = (faults[fault] ?? 0) + count;
  }
  say('\nfaults injected');
  for (const [fault, count] of Object.entries(faults)) say(`  ${fault.padEnd(24)} ${count}`);
  say('');
  reportGoals(goalsOf(verdicts, wiring), { json: values.json, extra: { seed, minutes, faults } });
} finally {
  rmSync(folder, { recursive: true });
}
