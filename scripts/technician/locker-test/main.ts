/** `npm run locker-test`: tries the locks of a kiosk that is stopped, one after another, on its own ports. */
import { createInterface } from 'node:readline';
import { thisHost } from '../../../firmware-bridge/port/index.js';
import { limits } from '../../../src/kernel/limits.js';
import { type Command, numberFrom, UsageError } from '../../../src/terminal/command.js';
import { type CabinetOptions, readCabinetOptions, withCabinetOptions } from '../support/cabinet-options.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { createLockerTest, type LockerTest, lockersMeant, openRestorer } from './locker-test.js';

import { summary } from './words.js';

/** How shells count an end by a signal. */
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

interface Options extends CabinetOptions {
  /** Seconds for each door; false for a pulse only. */
  readonly wait: number | false;
  readonly long: boolean;
  readonly restore: boolean;
  readonly json: boolean;
}

/** The command line of `npm run locker-test`. */
export function lockerTestCommand(): Command {
  const summary = '逐个试锁；书亭须先停下。Tests the locks of a stopped kiosk, one after another.';
  const [least, most] = [1, limits.lockerTestWaitMaxMs / 1000];
  return withCabinetOptions(
    technicianCommand('locker-test', summary, [
      'npm run locker-test -- --config kiosk.yaml 1-8',
      'npm run locker-test -- --config kiosk.yaml --restore 3',
    ]),
  )
    .argument('<locker...>', '3、1-8、all')
    .option(
      '--wait <seconds>',
      '等每个门多少秒 time for each door',
      numberFrom(least, most),
      limits.lockerTestWaitMs / 1000,
    )
    .option('--no-wait', '只发脉冲 pulse only')
    .option('--long', '长脉冲 the longer pulse', false)
    .option('--restore', '合格的恢复使用（须 --config） put what passes back into use (with --config)', false)
    .option('--json', '最后一行 JSON one line of JSON at the end', false)
    .action(testLockers);
}

async function testLockers(lockers: readonly string[], options: Options): Promise<void> {
  const lockerTest = readLockerTest(lockers, options);
  const lines = lockerTest.waitMs === null ? null : createInterface({ input: process.stdin });
  lines?.on('line', (line) => lockerTest.said(line.trim()));
  for (const [signal, code] of Object.entries(signalCodes)) {
    process.once(signal, () => {
      process.exitCode = code;
      lockerTest.stop();
    });
  }
  try {
    const findings = await lockerTest.run();
    const failed = findings.filter(({ result }) => result !== 'ok').length;
    if (failed > 0) process.exitCode ??= 1;
    const report = { lockers: findings, passed: findings.length - failed, failed };
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : summary(findings));
  } finally {
    lines?.close();
    // A terminal that was read from keeps the program alive otherwise.
    process.stdin.unref?.();
  }
}

function readLockerTest(lockers: readonly string[], options: Options): LockerTest {
  const plugged = readCabinetOptions(options);
  const { json, restore, wait } = options;
  // A pulse alone proves nothing, and without a configuration nobody knows where the journal is.
  if (restore && (plugged.dataFolder === null || wait === false)) {
    throw new UsageError('--restore needs --config, and not --no-wait');
  }
  // With --json the words go beside the result.
  const say = (text: string) => void (json ? process.stderr : process.stdout).write(`${text}\n`);
  return createLockerTest({
    ...plugged,
    lockers: lockersMeant(lockers, plugged.cabinet),
    waitMs: wait === false ? null : wait * 1000,
    strength: options.long ? 'long' : 'normal',
    host: thisHost,
    say,
    restorer: restore && plugged.dataFolder !== null ? openRestorer(plugged.dataFolder) : null,
  });
}

await runTechnicianTool(import.meta.url, lockerTestCommand);
