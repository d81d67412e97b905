import type { Host, Port } from '../../../firmware-bridge/port/index.js';
import type { LibraryRules } from '../../../firmware-bridge/reader/classify.js';
import { createFramer } from '../../../firmware-bridge/reader/framer.js';
import { inspectGm65 } from '../../../firmware-bridge/reader/gm65/inspect.js';
import type { Gm65Model } from '../../../firmware-bridge/reader/gm65/profile.js';
import { createRepeatFilter } from '../../../firmware-bridge/reader/scan-limits.js';
import { createSilenceWatch } from '../../../firmware-bridge/reader/silence-watch.js';
import type { Fault } from '../../../src/kernel/faults.js';
import type { KioskId } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import { registersJson, registersText } from './registers.js';
import { scanReportOf } from './scan-report.js';
import { greeting, meaningOf, noiseText, repeatText, scanReportText, summaryText } from './words.js';

/** What is to be watched, and how it is to be told. */
export interface Task {
  readonly path: string;
  readonly baudRate: number;
  /** Null where only the port is known. */
  readonly kiosk: KioskId | null;
  readonly library: LibraryRules;
  /** Whose registers are to be shown; null: nothing is written to the reader. */
  readonly model: Gm65Model | null;
  /** Ends after so many scans. */
  readonly count: number;
  readonly json: boolean;
}

/** What the tool is connected to. */
export interface ScanTestOptions {
  readonly host: Host;
  /** Gets all that is shown. */
  write(text: string): void;
  /** Aborts when the technician has seen enough. */
  readonly stop: AbortSignal;
}

/** Says one thing: to people, or as a line of JSON. */
type Say = (text: string, json: object) => void;

/** Shows scans until there were enough, or `stop`. Rejects with the fault when the port cannot be opened or is lost. */
export async function scanTest(task: Task, options: ScanTestOptions): Promise<void> {
  const { host, write, stop } = options;
  const say: Say = (text, json) => write(task.json ? `${JSON.stringify(json)}\n` : text);
  const { port, baudRate } = await open(task, host, say);
  const close = () => void port.close();
  stop.addEventListener('abort', close);
  const ended = watch(port, task, host, say);
  if (!task.json) write(greeting(task.path, baudRate));
  if (stop.aborted) close();
  const fault = await ended;
  stop.removeEventListener('abort', close);
  if (fault) throw fault;
}

/** Shows scans until the port ends; resolves with the fault when it is lost. */
function watch(port: Port, task: Task, { timers }: Host, say: Say): Promise<Fault | null> {
  const seen = { scans: 0, foreign: 0, repeats: 0, noiseBytes: 0 };
  const repeats = createRepeatFilter(limits.scanRepeatMs);
  const framer = createFramer(limits.scanLengthBytes);
  const noise = (bytes: number) => {
    if (bytes === 0) return;
    seen.noiseBytes += bytes;
    say(noiseText(bytes), { noiseBytes: bytes });
  };
  const silence = createSilenceWatch(timers.wait, limits.scanGapMs, () => noise(framer.silence()));

  function show(text: string): void {
    if (seen.scans >= task.count) return;
    if (repeats.isRepeat(text, timers.nowMs)) {
      seen.repeats += 1;
      say(repeatText, { repeat: true });
      return;
    }
    seen.scans += 1;
    const report = scanReportOf(text, task.kiosk, task.library);
    const { scan, ...sent } = report;
    if (scan.kind === 'foreign') seen.foreign += 1;
    const meaning = meaningOf(scan);
    say(scanReportText(seen.scans, report), { ...sent, kind: scan.kind, meaning });
    if (seen.scans >= task.count) void port.close();
  }

  return new Promise((resolve) => {
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
async function open(
  { path, baudRate, model }: Task,
  host: Host,
  say: Say,
): Promise<{ port: Port; baudRate: number }> {
  if (model === null) return { port: await host.openPort(path, { baudRate }), baudRate };
  const inspection = await inspectGm65(host, path, baudRate, model);
  say(registersText(inspection, model, baudRate), registersJson(inspection));
  return { port: inspection.port, baudRate: inspection.baudRate ?? baudRate };
}
