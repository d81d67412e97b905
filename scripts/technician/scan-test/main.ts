/** `npm run scan-test`: shows what the reader of a kiosk that is stopped sends, and what the kiosk would take it for. */
import { openPort, type Port } from '../../../firmware-bridge/port/index.js';
import { createFramer } from '../../../firmware-bridge/reader/framer.js';
import { inspectGm65 } from '../../../firmware-bridge/reader/gm65/inspect.js';
import { createRepeatFilter } from '../../../firmware-bridge/reader/repeat.js';
import { createSilenceWatch } from '../../../firmware-bridge/reader/silence-watch.js';
import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { type Command, wholeNumberFrom } from '../../../src/terminal/command.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { registersJson, registersText } from './registers.js';
import { sightingOf } from './sighting.js';
import { type Options, type Task, taskOf } from './task.js';
import { greeting, meaningOf, noiseText, repeatText, sightingText, summaryText } from './words.js';

/** Says one thing: to people, or as a line of JSON. */
type Say = (text: string, json: object) => void;

/** Shows scans until there were enough or Ctrl-C; resolves with the fault when the port is lost. */
function watch(port: Port, task: Task, say: Say): Promise<Fault | null> {
  const seen = { scans: 0, foreign: 0, repeats: 0, noiseBytes: 0 };
  const repeats = createRepeatFilter(limits.scanRepeatMs);
  const framer = createFramer(limits.scanLengthBytes);
  const noise = (bytes: number) => {
    if (bytes === 0) return;
    seen.noiseBytes += bytes;
    say(noiseText(bytes), { noiseBytes: bytes });
  };
  const silence = createSilenceWatch(limits.scanGapMs, () => noise(framer.silence()));

  function show(text: string): void {
    if (seen.scans >= task.count) return;
    if (repeats.isRepeat(text, performance.now())) {
      seen.repeats += 1;
      say(repeatText, { repeat: true });
      return;
    }
    seen.scans += 1;
    const sighting = sightingOf(text, task.kiosk, task.library);
    const { scan, ...sent } = sighting;
    if (scan.kind === 'foreign') seen.foreign += 1;
    const meaning = meaningOf(scan);
    say(sightingText(seen.scans, sighting), { ...sent, kind: scan.kind, meaning });
    if (seen.scans >= task.count) void port.close();
  }

  return new Promise((resolve) => {
    process.once('SIGINT', () => void port.close());
    port.onClose((fault) => {
      silence.stop();
      say(summaryText(seen), { summary: seen });
      resolve(fault);
    });
    port.onData((bytes) => {
      const { frames, discardedBytes } = framer.push(bytes);
      for (const text of frames) show(text);
      noise(discardedBytes);
      silence.heard(framer.isUnfinished);
    });
  });
}

/** Opens the reader's port, a GM65's at the speed it answers at; shows the registers of a GM65 first. */
async function open({ path, baudRate, model }: Task, say: Say): Promise<{ port: Port; baudRate: number }> {
  if (model === null) return { port: await openPort(path, { baudRate }), baudRate };
  const inspection = await inspectGm65(path, baudRate, model);
  say(registersText(inspection, model, baudRate), registersJson(inspection));
  return { port: inspection.port, baudRate: inspection.baudRate ?? baudRate };
}

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
  const task = taskOf(options);
  const say: Say = (text, json) => void process.stdout.write(task.json ? `${JSON.stringify(json)}\n` : text);
  const { port, baudRate } = await open(task, say);
  const ended = watch(port, task, say);
  if (!task.json) process.stdout.write(greeting(task.path, baudRate));
  const fault = await ended;
  if (fault) throw fault;
}

await runTechnicianTool(import.meta.url, scanTestCommand);
