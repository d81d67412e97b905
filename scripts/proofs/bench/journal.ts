import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Event } from '../../../src/circulation/event.js';
import { limits } from '../../../src/kernel/limits.js';
import { atMost, type Goal, median, quantile, spread } from '../support/goals.js';
import {
  eventsOfLoan,
  givePast,
  lend,
  momentOf,
  openAt,
  sizeOf,
  stepsPerLoan,
  timedUs,
} from './journal-past.js';
import type { BenchResult } from './scan.js';

/** How much is measured. */
export interface JournalPlan {
  readonly rounds: number;
  /** Loans timed in each round, beside as many of the bare loop. */
  readonly loans: number;
  /** Past loans of the journals that are compared. */
  readonly shortPast: number;
  readonly longPast: number;
  /** Events in the journal whose start-up is timed. */
  readonly startEvents: number;
}

/** The plan of the issue: a million past loans are six million events. */
export const fullPlan = { loans: 100, shortPast: 1_000, longPast: 1_000_000, startEvents: 1_000_000 };

/** What the journal costs beside a bare SQLite loop, and whether a long past makes it slower. */
export function benchJournal(folder: string, plan: JournalPlan, say: (text: string) => void): BenchResult {
  const speed = measureSpeed(folder, plan, say);
  const past = measurePast(folder, plan, say);
  const goals: Goal[] = [
    atMost(
      'time per durable step, times a bare SQLite loop',
      median(speed.ours) / median(speed.theirs),
      1.25,
      `${spread(speed.ours)} µs, bare ${spread(speed.theirs)} µs; ${Math.round(1e6 / median(speed.ours))} steps/s`,
    ),
    atMost(
      `a step after ${plan.longPast} past loans, times one after ${plan.shortPast}, p50`,
      median(past.steps.ours) / median(past.steps.theirs),
      1.1,
      `${spread(past.steps.ours)} µs, ${spread(past.steps.theirs)} µs`,
    ),
    atMost('journal per loan with its return, bytes', past.bytesPerLoan, 1_500, `${stepsPerLoan} events`),
    atMost(
      `start-up with ${plan.startEvents} events, ms`,
      past.startMs,
      10_000,
      `${(past.startBytes / 1e6).toFixed(0)} MB, checked page by page`,
    ),
  ];
  return { goals, raw: { plan, speed, past } };
}

/** Times of the journal's steps and of the bare loop's, loan by loan in turn, so that both meet the same machine. */
function measureSpeed(folder: string, { rounds, loans }: JournalPlan, say: (text: string) => void): Pair {
  const journal = openAt(join(folder, 'journal.db'));
  const bare = openBare(join(folder, 'bare.db'));
  const pair = inTurn(rounds, (round) => {
    say(`speed, round ${round + 1} of ${rounds}`);
    return loansInTurn(round * loans, loans, (n) => lend(journal, n), bare.lend);
  });
  journal.close();
  bare.close();
  return pair;
}

/** The least that keeps the same events and the same row per locker: two statements in one synced transaction. */
function openBare(file: string) {
  const db = new Database(file);
  db.pragma(`page_size = ${limits.journalPageBytes}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE event (position INTEGER PRIMARY KEY, at INTEGER, body TEXT) STRICT');
  db.exec('CREATE TABLE locker (locker INTEGER PRIMARY KEY, item TEXT) STRICT');
  const putEvent = db.prepare('INSERT INTO event (at, body) VALUES (?, ?)');
  const putLocker = db.prepare('INSERT OR REPLACE INTO locker VALUES (?, ?)');
  const step = db.transaction((event: Event, at: number) => {
    putEvent.run(at, JSON.stringify(event));
    putLocker.run('locker' in event ? event.locker : 0, event.type);
  });
  return {
    lend: (n: number) =>
      eventsOfLoan(n).map((event, at) => timedUs(() => step(event, momentOf(at).calendarMs))),
    close: () => db.close(),
  };
}

/** The p50 of each round, in µs per step: of what is measured, and of what it is measured against. */
interface Pair {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

function inTurn(rounds: number, round: (at: number) => readonly [number, number]): Pair {
  const both = Array.from({ length: rounds }, (_, at) => round(at));
  return { ours: both.map(([ours]) => ours), theirs: both.map(([, theirs]) => theirs) };
}

function loansInTurn(
  first: number,
  loans: number,
  ours: (n: number) => number[],
  theirs: (n: number) => number[],
): readonly [number, number] {
  const [a, b]: [number[], number[]] = [[], []];
  for (let n = first; n < first + loans; n += 1) {
    a.push(...ours(n));
    b.push(...theirs(n));
  }
  return [quantile(a, 0.5), quantile(b, 0.5)];
}

/** Builds one journal up, measuring on the way. */
function measurePast(folder: string, plan: JournalPlan, say: (text: string) => void) {
  const { rounds, loans, shortPast, longPast, startEvents } = plan;
  const [shortFile, longFile] = [join(folder, 'short.db'), join(folder, 'long.db')];
  givePast(shortFile, shortPast);
  say(`making a past of ${startEvents} events`);
  givePast(longFile, Math.round(startEvents / stepsPerLoan));
  const startBytes = sizeOf(longFile);
  const startMs = median(Array.from({ length: 3 }, () => startUp(longFile)));
  say(`making a past of ${longPast} loans`);
  givePast(longFile, longPast);
  const bytesPerLoan = (sizeOf(longFile) - sizeOf(shortFile)) / (longPast - shortPast);
  const [short, long] = [openAt(shortFile), openAt(longFile)];
  const steps = inTurn(rounds, (round) => {
    say(`past, round ${round + 1} of ${rounds}`);
    const first = round * loans;
    return loansInTurn(
      first,
      loans,
      (n) => lend(long, longPast + n),
      (n) => lend(short, shortPast + n),
    );
  });
  short.close();
  long.close();
  return { steps, bytesPerLoan, startMs, startBytes };
}

function startUp(file: string): number {
  const from = performance.now();
  const journal = openAt(file);
  const tookMs = performance.now() - from;
  journal.close();
  return tookMs;
}
