import { join } from 'node:path';
import type { Test } from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { type Journal, type JournalOptions, openJournal } from '../../src/journal/journal.js';
import { itemId, lockerNo, passId, patronId, visitNo } from '../../src/kernel/ids.js';
import { type ClockTrust, elapsedMs, epochMs, type Moment } from '../../src/kernel/time.js';

export const rules = ledgerRules;

/** A moment whose calendar says `at` milliseconds after a fixed day. */
export const moment = (at = 0, trust: ClockTrust = 'trusted'): Moment => ({
  elapsedMs: elapsedMs(at),
  calendarMs: epochMs(Date.UTC(2026, 10, 23) + at),
  trust,
});

/** Opens `journal.db` in `folder`; closed when the test ends. */
export function openIn(t: Test, folder: string, options: Partial<JournalOptions> = {}): Journal {
  const journal = openJournal({ file: join(folder, 'journal.db'), ...rules, ...options });
  t.teardown(() => journal.close());
  return journal;
}

const item = itemId('30106000000017');
const patron = patronId('a1a1a1a1a1a1a1a1');

/** The events of one checkout and the checkin after it, one step of the kiosk each, as visits `first` and `first + 1`. */
export function oneLoan(first: number, no = 1): Event[] {
  const [visit, back, locker] = [visitNo(first), visitNo(first + 1), lockerNo(no)];
  const dueAt = moment(28 * 86_400_000).calendarMs;
  return [
    { type: 'checkout-intended', visit, locker, item, patron, pass: passId(String(first).padStart(16, '0')) },
    { type: 'item-lent', visit, locker, item, patron, dueAt, dueProvisional: false },
    { type: 'checkout-completed', visit, locker, door: 'closed' },
    { type: 'checkin-intended', visit: back, locker, item },
    { type: 'checkin-opened', visit: back, locker },
    { type: 'item-returned', visit: back, locker, item, door: 'closed' },
  ];
}
