/** `npm run scan-test`: shows what the reader of a kiosk that is stopped sends, and what the kiosk would take it for. */
import { parseArgs } from 'node:util';
import { openPort } from '../../firmware-bridge/port/index.js';
import { createFramer } from '../../firmware-bridge/reader/framer.js';
import { createRepeatFilter } from '../../firmware-bridge/reader/repeat.js';
import { createSilenceWatch } from '../../firmware-bridge/reader/silence-watch.js';
import { loadConfig } from '../../src/config/config.js';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import { explainFault } from '../technician/explain.js';
import { sightingOf } from './sighting.js';
import { greeting, meaningOf, noiseText, repeatText, sightingText, summaryText } from './words.js';

const usage = `npm run scan-test -- READER [--count N] [--json]

 READER   --config FILE              as the kiosk 与书亭程序相同
      or  --port /dev/… [--baud N]   9600 without --baud
`;

interface Task {
  readonly path: string;
  readonly baudRate: number;
  readonly kiosk: Parameters<typeof sightingOf>[1];
  readonly library: Parameters<typeof sightingOf>[2];
  /** Ends after so many scans. */
  readonly count: number;
  readonly json: boolean;
}

/** Reads the command line; null when it is none. */
function readTask(): Task | null {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      baud: { type: 'string', default: '9600' },
      count: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { config, port, json } = values;
  const count = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
  const baudRate = Number(values.baud);
  const isNumber = Number.isSafeInteger(baudRate) && baudRate > 0 && count >= 1;
  if (!isNumber || (config === undefined) === (port === undefined)) return null;
  if (config === undefined)
    return { path: port ?? '', baudRate, kiosk: null, library: anyLibrary, count, json };
  const { reader, kiosk, library } = loadConfig(config);
  return { path: reader.port, baudRate: reader.baudRate, kiosk, library, count, json };
}

const anyLibrary = { checkDigit: true, institutions: [] };

/** Shows scans until there were enough or Ctrl-C; resolves with the fault when the port is lost. */
async function watch(task: Task): Promise<Fault | null> {
  const port = await openPort(task.path, { baudRate: task.baudRate });
  const say = (text: string, json: object) =>
    void process.stdout.write(task.json ? `${JSON.stringify(json)}\n` : text);
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
    if (!task.json) process.stdout.write(greeting(task.path, task.baudRate));
  });
}

async function main(): Promise<void> {
  const task = readTask();
  if (!task) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const fault = await watch(task);
  if (fault) throw fault;
}

await main().catch((error: unknown) => {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n${usage}`);
  else throw error;
  process.exitCode = error instanceof Fault ? 1 : 2;
});
