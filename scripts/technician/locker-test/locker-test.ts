import { existsSync } from 'node:fs';
import type { PulseStrength } from '../../../firmware-bridge/board/index.js';
import type { Host } from '../../../firmware-bridge/port/index.js';
import { type Cabinet, lockersOf } from '../../../hardware/cabinet.js';
import { lockerOf } from '../../../src/circulation/ledger.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { BoardId, LockerNo } from '../../../src/kernel/ids.js';
import type { Log } from '../../../src/kernel/log.js';
import { openKioskJournal } from '../../../src/kiosk/start-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import type { Finding, Measures, Waiting } from './trial.js';
import { TrialBoards } from './trial-boards.js';
import { asking, headOf, hint, measuredLines, resultLine, withheldText } from './words.js';

/** Shows a line to the technician. */
type Say = (text: string) => void;

export interface LockerTestOptions {
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
export interface LockerTest {
  readonly waitMs: number | null;
  /** Tries all lockers and lets the ports go. Rejects with the fault of a board that does not become ready. */
  run(): Promise<readonly Finding[]>;
  /** Takes what the technician types: `o`, the door is open; `s`, skip this one. */
  said(line: string): void;
  /** Ends the test: locks off. */
  stop(): void;
}

/** Plans a test; nothing is opened before `run`. */
export function createLockerTest(options: LockerTestOptions): LockerTest {
  const { lockers, ports, host, say } = options;
  const boards = options.cabinet.boards.filter((board) =>
    lockersOf(board).some((each) => lockers.includes(each)),
  );
  const cabinet = { boards };
  const trialBoards = new TrialBoards({ cabinet, ports, host, log: logTo(say) });
  return {
    waitMs: options.waitMs,
    async run() {
      const findings: Finding[] = [];
      trialBoards.start();
      try {
        await standAll(trialBoards, cabinet, say);
        if (options.waitMs !== null) say(hint);
        for (const locker of lockers) {
          const board = boards.find((each) => lockersOf(each).includes(locker));
          if (trialBoards.isStopped || !board) break;
          const finding = await tryOne(trialBoards, board.board, locker, options);
          say(`${resultLine(finding)}\n`);
          findings.push(finding);
        }
      } finally {
        await trialBoards.close();
        options.restorer?.close();
      }
      return findings;
    },
    said(line) {
      if (line === 'o') trialBoards.say({ kind: 'said-open' });
      if (line === 's') trialBoards.say({ kind: 'said-skip' });
    },
    stop() {
      trialBoards.say({ kind: 'stop' });
    },
  };
}

async function standAll(trialBoards: TrialBoards, { boards }: Cabinet, say: Say): Promise<void> {
  for (const { board } of boards) {
    const standing = await trialBoards.standing(board);
    if (trialBoards.isStopped) return;
    if ('fault' in standing) throw standing.fault;
    say(`✓ 锁板 board ${board}: ${standing.firmware}`);
  }
}

/** Tries one locker, or finds that its board is gone. */
async function tryOne(
  trialBoards: TrialBoards,
  board: BoardId,
  locker: LockerNo,
  options: LockerTestOptions,
): Promise<Finding> {
  const { waitMs, strength, say, restorer } = options;
  say(headOf(locker));
  const withheld = restorer?.withheld(locker) ?? null;
  if (withheld) say(withheldText(withheld));
  const standing = await trialBoards.standing(board);
  if ('fault' in standing) return { locker, result: 'board-lost', reason: null, restored: false, ...nothing };
  let [measured, awaited]: [Measures, Waiting | undefined] = [nothing, undefined];
  const finding = await trialBoards.try({ locker, waitMs }, strength, (measures, waiting) => {
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

/**
 * The lockers a technician means by `3`, `1-8` and `all`, each once, in the order named.
 * Throws `config.invalid` for a word that is none of these and for a locker the cabinet does not have.
 */
export function lockersMeant(words: readonly string[], cabinet: Cabinet): readonly LockerNo[] {
  const known = lockersOf(cabinet);
  const meant = words.flatMap((word) => {
    if (word === 'all') return [...known].sort((a, b) => a - b);
    return rangeOf(word).map((number) => {
      const locker = known.find((each) => each === number);
      if (locker === undefined) {
        throw new Fault('config.invalid', `${word}: the cabinet has the lockers 1 to ${known.length}`);
      }
      return locker;
    });
  });
  return [...new Set(meant)];
}

function rangeOf(word: string): number[] {
  const [, from, to = from] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(word) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last)) throw new Fault('config.invalid', `${word}: not a locker, a range like 1-8, or all`);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** The journal's view of the lockers that are tried, and the way to put one back into use. */
export interface Restorer {
  /** Why the locker is out of use and what should be behind its door; null while it is in use. */
  withheld(locker: LockerNo): { readonly reason: string; readonly item: string | null } | null;
  /** Puts a locker back into use, durably; throws `journal.write` when that cannot be written. */
  restore(locker: LockerNo): void;
  close(): void;
}

/** Opens the journal of a kiosk that is stopped. Throws `journal.busy` when it is not, `config.invalid` before its first run. */
export function openRestorer(dataFolder: string): Restorer {
  if (!existsSync(dataFolder)) {
    throw new Fault('config.invalid', `${dataFolder}: there is no journal to restore lockers in`);
  }
  const journal = openKioskJournal(dataFolder);
  const clock = createClock(() => journal.lastTrustedMs());
  return {
    withheld(locker) {
      const { withheld, item } = lockerOf(journal.load(), locker);
      return withheld === null ? null : { reason: withheld, item };
    },
    restore(locker) {
      journal.append(clock.now(), [{ type: 'locker-restored', locker }]);
    },
    close: () => journal.close(),
  };
}
