/** `npm run locker-test`: tries the locks of a kiosk that is stopped, one after another, on its own ports. */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { cabinetOptions, readCabinetOptions } from '../support/cabinet-options.js';
import { explainFault } from '../support/explain.js';
import { lockersMeant } from './lockers.js';
import { openRestorer } from './restorer.js';
import { type Tour, tourOf } from './tour.js';
import { summary } from './words.js';

const usage = `npm run locker-test -- CABINET [OPTIONS] LOCKER…

 CABINET  --config FILE   as the kiosk 与书亭程序相同
      or  --cabinet FILE --port BOARD=/dev/… (each board)
 LOCKER   3   1-8   all
 OPTIONS  --wait S   patience for each door, seconds (20)
          --no-wait  pulse only 只发脉冲
          --long     the longer pulse 长脉冲
          --restore  what passes is put back into use
                     (with --config) 合格的恢复使用
          --json     one line of JSON at the end
`;

/** How shells count an end by a signal. */
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

async function main(): Promise<void> {
  const tour = readCommandLine();
  if (tour === null) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const lines = tour.waitMs === null ? null : createInterface({ input: process.stdin });
  lines?.on('line', (line) => tour.said(line.trim()));
  for (const [signal, code] of Object.entries(signalCodes)) {
    process.once(signal, () => {
      process.exitCode = code;
      tour.stop();
    });
  }
  try {
    const findings = await tour.run();
    const failed = findings.filter(({ result }) => result !== 'ok').length;
    if (failed > 0) process.exitCode ??= 1;
    const report = { lockers: findings, passed: findings.length - failed, failed };
    process.stdout.write(tour.json ? `${JSON.stringify(report)}\n` : summary(findings));
  } finally {
    lines?.close();
    // A terminal that was read from keeps the program alive otherwise.
    process.stdin.unref?.();
  }
}

function readCommandLine(): (Tour & { readonly json: boolean }) | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...cabinetOptions,
      wait: { type: 'string', default: `${limits.lockerTestWaitMs / 1000}` },
      'no-wait': { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      restore: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const plugged = readCabinetOptions(values);
  const waitMs = Number(values.wait) * 1000;
  if (plugged === null || positionals.length === 0) return null;
  if (!(waitMs >= 1000 && waitMs <= limits.lockerTestWaitMaxMs)) return null;
  const { json, restore } = values;
  // A pulse alone proves nothing, and without a configuration nobody knows where the journal is.
  if (restore && (plugged.dataFolder === null || values['no-wait'])) return null;
  // With --json the words go beside the result.
  const say = (text: string) => void (json ? process.stderr : process.stdout).write(`${text}\n`);
  const tour = tourOf({
    ...plugged,
    lockers: lockersMeant(positionals, plugged.cabinet),
    waitMs: values['no-wait'] ? null : waitMs,
    strength: values.long ? 'long' : 'normal',
    say,
    restorer: restore && plugged.dataFolder !== null ? openRestorer(plugged.dataFolder) : null,
  });
  return { ...tour, json };
}

main().catch((error: unknown) => {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n\n${usage}`);
  else throw error;
  process.exitCode ??= 1;
});
