import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';

/** The newest lines of a log, kept in memory for remote maintainers. */
export interface LogTail {
  /** Forwards to the log and keeps each line, except debug lines. */
  readonly log: Log;
  /** The newest `count` lines, the last one last: each a JSON text. */
  lines(count: number): string[];
}

/** Makes a log that is `log`, with a tail. `now` dates the lines. */
export function createLogTail(log: Log, now: () => number): LogTail {
  let kept: string[] = [];
  const keep = (level: string, fields: object, message: string) => {
    const line = JSON.stringify({ at: new Date(now()).toISOString(), level, ...plain(fields), message });
    kept.push(line.slice(0, limits.logTailLineBytes));
    if (kept.length >= 2 * limits.logTailLength) kept = kept.slice(-limits.logTailLength);
  };
  const at =
    (level: 'info' | 'warn' | 'error'): Log['info'] =>
    (fields, message) => {
      log[level](fields, message);
      keep(level, fields, message);
    };
  return {
    log: {
      debug: (fields, message) => log.debug(fields, message),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
    },
    lines: (count) => kept.slice(-Math.min(count, limits.logTailLength)),
  };
}

/** An error as its message, without the stack. */
function plain(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
  );
}
