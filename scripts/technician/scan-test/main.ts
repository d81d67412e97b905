/** `npm run scan-test`: shows what the reader of a kiosk that is stopped sends, and what the kiosk would take it for. */
import { openPort, type Port } from '../../../firmware-bridge/port/index.js';
import { createFramer } from '../../../firmware-bridge/reader/framer.js';
import { inspectGm65 } from '../../../firmware-bridge/reader/gm65/inspect.js';
import { createRepeatFilter } from '../../../firmware-bridge/reader/repeat.js';
import { createSilenceWatch } from '../../../firmware-bridge/reader/silence-watch.js';
import { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { explainFault } from '../support/explain.js';
import { registersJson, registersText } from './registers.js';
import { sightingOf } from './sighting.js';
import { readTask, type Task, usage } from './task.js';
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

async function main(): Promise<void> {
  const task = readTask();
  if (!task) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const say: Say = (text, json) => void process.stdout.write(task.json ? `${JSON.stringify(json)}\n` : text);
  const { port, baudRate } = await open(task, say);
  const ended = watch(port, task, say);
  if (!task.json) process.stdout.write(greeting(task.path, baudRate));
  const fault = await ended;
  if (fault) throw fault;
}

await main().catch((error: unknown) => {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n${usage}`);
  else throw error;
  process.exitCode = error instanceof Fault ? 1 : 2;
});
