/** `npm run scan-test`: shows what the reader of a kiosk that is stopped sends, and what the kiosk would take it for. */
import { thisHost } from '../../../firmware-bridge/port/index.js';
import { loadConfig } from '../../../src/config/config.js';
import { type Command, UsageError, wholeNumberFrom } from '../../../src/terminal/command.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { scanTest, type Task } from './scan-test.js';

/** The command line of `npm run scan-test`. */
export function scanTestCommand(): Command {
  const summary = '扫码器发来什么；书亭须先停下。Shows what the reader of a stopped kiosk sends.';
  return technicianCommand('scan-test', summary, ['npm run scan-test -- --port /dev/ttyUSB0 --gm65'])
    .option('--config <file>', '与书亭程序相同 the kiosk’s own configuration')
    .option('--port <path>', '扫码器的串口 the reader’s port')
    .option('--baud <speed>', '波特率，不写是 9600 its speed, 9600 by default', wholeNumberFrom(1))
    .option('--gm65', '也显示模块寄存器，不改动 its registers too, changing none', false)
    .option('--gm861', '同上 the same for a GM861', false)
    .option('--count <scans>', '扫几次后结束 ends after so many scans', wholeNumberFrom(1))
    .option('--json', '每次一行 JSON a line of JSON for each scan', false)
    .action(showScans);
}

async function showScans(options: Options): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const write = (text: string) => void process.stdout.write(text);
  await scanTest(taskOf(options), { host: thisHost, write, stop: stop.signal });
}

/** The options of `npm run scan-test`. */
export interface Options {
  readonly config?: string;
  readonly port?: string;
  readonly baud?: number;
  readonly gm65: boolean;
  readonly gm861: boolean;
  readonly count?: number;
  readonly json: boolean;
}

/** Says which reader the options mean. Throws a UsageError when they contradict one another, or `config.invalid`. */
function taskOf({ config, port, baud, gm65, gm861, count = Number.POSITIVE_INFINITY, json }: Options): Task {
  const named = gm861 ? 'gm861' : gm65 ? 'gm65' : null;
  if (port !== undefined && config === undefined) {
    const library = { checkDigit: true, institutions: [] };
    return { path: port, baudRate: baud ?? 9_600, kiosk: null, library, model: named, count, json };
  }
  if (config === undefined || port !== undefined) throw new UsageError('either --config or --port is needed');
  if (baud !== undefined) throw new UsageError('--baud goes with --port: the configuration has the speed');
  const { reader, kiosk, library } = loadConfig(config);
  const model = named === null || reader.kind === 'generic' ? named : reader.kind;
  return { path: reader.port, baudRate: reader.baudRate, kiosk, library, model, count, json };
}

await runTechnicianTool(import.meta.url, scanTestCommand);
