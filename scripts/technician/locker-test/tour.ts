import type { PulseStrength } from '../../../firmware-bridge/board/index.js';
import type { Host } from '../../../firmware-bridge/port/index.js';
import { type Cabinet, lockersOf } from '../../../hardware/cabinet.js';
import type { BoardId, LockerNo } from '../../../src/kernel/ids.js';
import type { Log } from '../../../src/kernel/log.js';
import { Bench } from './bench.js';
import type { Restorer } from './restorer.js';
import type { Finding, Measures, Waiting } from './trial.js';
import { asking, headOf, hint, measuredLines, resultLine, withheldText } from './words.js';

/** Shows a line to the technician. */
type Say = (text: string) => void;

export interface TourOptions {
  /** In the order they are tried. */
  readonly lockers: readonly LockerNo[];
  readonly cabinet: Cabinet;
  readonly ports: ReadonlyMap<BoardId, string>;
  /** How long the technician may take to open and to shut each door; null: pulses only. */
  readonly waitMs: number | null;
  readonly strength: PulseStrength;
  readonly host: Host;
  readonly say: Say;
  /** Puts lockers that pass back into use. */
  readonly restorer: Restorer | null;
}

/** A walk along the lockers. */
export interface Tour {
  readonly waitMs: number | null;
  /** Tries all lockers and lets the ports go. Rejects with the fault of a board that does not become ready. */
  run(): Promise<readonly Finding[]>;
  /** Takes what the technician types: `o`, the door is open; `s`, skip this one. */
  said(line: string): void;
  /** Ends the tour: locks off. */
  stop(): void;
}

/** Plans a tour; nothing is opened before `run`. */
export function tourOf(options: TourOptions): Tour {
  const { lockers, ports, host, say } = options;
  const boards = options.cabinet.boards.filter((board) =>
    lockersOf(board).some((each) => lockers.includes(each)),
  );
  const cabinet = { boards };
  const bench = new Bench({ cabinet, ports, host, log: logTo(say) });
  return {
    waitMs: options.waitMs,
    async run() {
      const findings: Finding[] = [];
      bench.start();
      try {
        await standAll(bench, cabinet, say);
        if (options.waitMs !== null) say(hint);
        for (const locker of lockers) {
          const board = boards.find((each) => lockersOf(each).includes(locker));
          if (bench.isStopped || !board) break;
          const finding = await tryOne(bench, board.board, locker, options);
          say(`${resultLine(finding)}\n`);
          findings.push(finding);
        }
      } finally {
        await bench.close();
        options.restorer?.close();
      }
      return findings;
    },
    said(line) {
      if (line === 'o') bench.say({ kind: 'said-open' });
      if (line === 's') bench.say({ kind: 'said-skip' });
    },
    stop() {
      bench.say({ kind: 'stop' });
    },
  };
}

async function standAll(bench: Bench, { boards }: Cabinet, say: Say): Promise<void> {
  for (const { board } of boards) {
    const standing = await bench.standing(board);
    if (bench.isStopped) return;
    if ('fault' in standing) throw standing.fault;
    say(`✓ 锁板 board ${board}: ${standing.firmware}`);
  }
}

/** Tries one locker, or finds that its board is gone. */
async function tryOne(
  bench: Bench,
  board: BoardId,
  locker: LockerNo,
  options: TourOptions,
): Promise<Finding> {
  const { waitMs, strength, say, restorer } = options;
  say(headOf(locker));
  const withheld = restorer?.withheld(locker) ?? null;
  if (withheld) say(withheldText(withheld));
  const standing = await bench.standing(board);
  if ('fault' in standing) return { locker, result: 'board-lost', reason: null, restored: false, ...nothing };
  let [measured, awaited]: [Measures, Waiting | undefined] = [nothing, undefined];
  const finding = await bench.try({ locker, waitMs }, strength, (measures, waiting) => {
    for (const line of measuredLines(measured, measures)) say(line);
    // Some locks let go only while their coil is on: the technician is told to pull before it is.
    if (waiting !== awaited && waiting !== 'open' && waitMs !== null) say(asking(waiting, waitMs));
    [measured, awaited] = [measures, waiting];
  });
  if (!withheld || finding.result !== 'ok') return finding;
  restorer?.restore(locker);
  return { ...finding, restored: true };
}

const nothing: Measures = { pulseMs: null, openedMs: null, closedMs: null };

/** Only what the driver warns of matters to the technician. */
function logTo(say: Say): Log {
  const tell = (fields: object, message: string) =>
    say(`! ${message} ${'code' in fields ? String(fields.code) : ''}`);
  return { debug: () => undefined, info: () => undefined, warn: tell, error: tell };
}
