import { z } from 'zod';
import type { Seen } from './observation.js';

const door = z.enum(['open', 'closed', 'unknown']);

/** The lines of the kiosk's log that matter here; pino's levels. */
const lineSchema = z.object({
  level: z.number(),
  time: z.string(),
  msg: z.string().default(''),
  board: z.string().optional(),
  code: z.string().optional(),
  locker: z.number().optional(),
  door: door.optional(),
  doors: z.record(z.string(), door).optional(),
  screen: z.string().optional(),
  /** What became of a pulse. */
  kind: z.string().optional(),
  reason: z.string().optional(),
});

const WARN = 40;
/** The log line of a lost board, and why. */
const losses = /^(board\.(lost|foreign|disagrees)|port\.)/;

/** What a line of the kiosk's log contains: observations, their time, and perhaps the address of its screen. */
export interface LogLine {
  readonly atMs: number;
  readonly seen: readonly Seen[];
  readonly screenUrl?: string;
}

/** Reads one line; throws when it is none of the kiosk's. */
export function readLogLine(line: string): LogLine {
  const entry = lineSchema.parse(JSON.parse(line));
  const atMs = Date.parse(entry.time);
  return { atMs, seen: seenIn(entry), ...(entry.screen === undefined ? {} : { screenUrl: entry.screen }) };
}

function seenIn({
  level,
  msg,
  board,
  code,
  locker,
  door,
  doors,
  kind,
  reason,
}: z.infer<typeof lineSchema>): Seen[] {
  if (msg === 'board ready') return [{ kind: 'ready' }];
  if (doors) {
    return Object.entries(doors).map(([at, state]) => ({ kind: 'door', locker: Number(at), door: state }));
  }
  if (locker !== undefined && door !== undefined) return [{ kind: 'door', locker, door }];
  if (board !== undefined && code !== undefined && level >= WARN && losses.test(code)) {
    return [{ kind: 'lost', why: msg }];
  }
  if (level < WARN && msg !== 'lock pulse') return [];
  const about = [code, locker === undefined ? undefined : `locker ${locker}`, msg, kind, reason];
  return [{ kind: 'kiosk', says: about.filter((word) => word !== undefined).join(' ') }];
}
