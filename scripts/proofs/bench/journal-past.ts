import { statSync } from 'node:fs';
import type { Event } from '../../../src/circulation/event.js';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { openDatabase } from '../../../src/journal/database.js';
import type { Journal } from '../../../src/journal/journal.js';
import { openJournal } from '../../../src/journal/open.js';
import { itemId, kioskId, lockerNo, passId, patronId, visitNo } from '../../../src/kernel/ids.js';
import { elapsedMs, epochMs, type Moment } from '../../../src/kernel/time.js';

/** The street and the kiosk of the benches. */
export const street = 'bench';
export const kiosk = kioskId('bench-01');

const item = itemId('30106000000017');
const patron = patronId('a1a1a1a1a1a1a1a1');
const pass = passId('c3c3c3c3c3c3c3c3');
const locker = lockerNo(1);
const begun = Date.UTC(2026, 0, 1);

/** Steps of a loan with its return; each appends one event. */
export const stepsPerLoan = 6;

/** The moment of the nth step. */
export const momentOf = (step: number): Moment => ({
  elapsedMs: elapsedMs(step),
  calendarMs: epochMs(begun + step),
  trust: 'trusted',
});

/** The events of the nth loan (from 0) and its return, as visits 2n + 1 and 2n + 2. */
export function eventsOfLoan(n: number): readonly Event[] {
  const [visit, back] = [visitNo(2 * n + 1), visitNo(2 * n + 2)];
  const dueAt = epochMs(begun + 28 * 86_400_000);
  return [
    { type: 'checkout-intended', visit, locker, item, patron, pass },
    { type: 'item-lent', visit, locker, item, patron, dueAt, dueProvisional: false },
    { type: 'checkout-completed', visit, locker, door: 'closed' },
    { type: 'checkin-intended', visit: back, locker, item },
    { type: 'checkin-opened', visit: back, locker },
    { type: 'item-returned', visit: back, locker, item, door: 'closed' },
  ];
}

export const openAt = (file: string): Journal => openJournal({ file, ...ledgerRules });

/** Appends a loan as a kiosk does, a sync for each step; returns how long each took, in µs. */
export function lend(journal: Journal, n: number): number[] {
  return eventsOfLoan(n).map((event, at) =>
    timedUs(() => journal.append(momentOf(n * stepsPerLoan + at), [event])),
  );
}

/** How long `work` took, in µs. */
export function timedUs(work: () => void): number {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / 1_000;
}

/** Gives the journal in `file` a past of so many loans with their returns, quickly; the first and the last as a kiosk does. */
export function givePast(file: string, loans: number): void {
  const first = openAt(file);
  if (first.lastPosition() === 0) lend(first, 0);
  first.close();
  const db = openDatabase(file);
  const have = Number(db.prepare('SELECT count(*) FROM event').pluck().get()) / stepsPerLoan;
  const templates = eventsOfLoan(0).map((event) => JSON.stringify(event));
  const rows = templates.map((_, at) => `(${at}, ?)`).join(', ');
  db.prepare(
    `WITH RECURSIVE loan (n) AS (SELECT ${have} UNION ALL SELECT n + 1 FROM loan WHERE n + 2 < ${loans}),
       step (at, body) AS (VALUES ${rows})
     INSERT INTO event
       SELECT n * ${stepsPerLoan} + at + 1, ${begun} + n * ${stepsPerLoan} + at, 'trusted',
         replace(replace(body, '"visit":1,', '"visit":' || (2 * n + 1) || ','),
           '"visit":2,', '"visit":' || (2 * n + 2) || ',')
       FROM loan CROSS JOIN step ORDER BY n, at`,
  ).run(...templates);
  db.close();
  const journal = openAt(file);
  lend(journal, loans - 1);
  journal.close();
}

/** Bytes of the file once nothing waits in its log. */
export const sizeOf = (file: string): number => statSync(file).size;
