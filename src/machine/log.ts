import { closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * The kiosk's log: JSON lines, written at once (a SIGKILL loses nothing), never with personal data.
 * Without `file` it goes to stdout, where journald bounds it; with `file` it keeps two files of
 * `limits.logFileBytes`; its folder is made where missing. A full disk costs log lines, never the kiosk.
 * Throws `config.invalid` when the file cannot be opened at all.
 */
export function createLog(options: { level: LogLevel; file?: string | undefined }): Log {
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (options.file !== undefined) return pino(settings, createLogFile(options.file));
  const stdout = pino.destination({ dest: 1, sync: true, maxLength: limits.logBufferBytes });
  stdout.on('error', () => stdout.end());
  return pino(settings, stdout);
}

function openLogFile(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a', 0o640);
  } catch (error) {
    throw new Fault('config.invalid', `the log ${file} cannot be written: ${String(error)}`, {
      cause: error,
    });
  }
}

/** Two rotating files: a full file replaces the older one. */
function createLogFile(file: string): { write(line: string): void } {
  let fd = openLogFile(file);
  let bytes = fstatSync(fd).size;
  let lostLines = 0;

  /** Throws with the file unchanged: a log that cannot be rotated stops growing. */
  function rotate(): void {
    if (existsSync(file)) renameSync(file, `${file}.1`);
    const next = openSync(file, 'a', 0o640);
    closeSync(fd);
    fd = next;
    bytes = 0;
  }

  return {
    write(line) {
      try {
        if (bytes >= limits.logFileBytes) rotate();
        // Logged as soon as there is space again, so that a gap in the log is visible.
        const gap =
          lostLines > 0 ? `${JSON.stringify({ level: 40, lostLines, msg: 'log lines were lost' })}\n` : '';
        bytes += writeSync(fd, gap + line);
        lostLines = 0;
      } catch {
        lostLines += 1;
      }
    },
  };
}
