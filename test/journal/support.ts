import { join } from 'node:path';
import type { Test } from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import type { Journal, JournalOptions } from '../../src/journal/journal.js';
import { openJournal } from '../../src/journal/open.js';
import { itemId, lockerNo, passId, patronId, visitNo } from '../../src/kernel/ids.js';
import type { ClockTrust } from '../../src/kernel/time.js';
import { momentAt } from '../support/clocks.js';

export const rules = ledgerRules;

/** A moment whose calendar says `at` milliseconds after a fixed day. */
export const moment = (at = 0, trust: ClockTrust = 'trusted') =>
  momentAt(Date.UTC(2026, 10, 23) + at, trust, at);

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

/** A made-up pseudonym or number of a pass. */
export const hex = (kind: string, n: number) => `${kind}${n.toString(16).padStart(14, '0')}`;
/** In no order, so that rows come and go all over the table. */
export const book = (n: number) => itemId(String(30_106_000_000_000 + ((n * 7_919) % 1_000)));

/** Patron `n` borrows book `n` and may bring it back, as visits 2n + 1 and 2n + 2. */
export function loan(n: number, back: boolean): Event[] {
  const [visit, backVisit, locker, item] = [
    visitNo(2 * n + 1),
    visitNo(2 * n + 2),
    lockerNo((n % 40) + 1),
    book(n),
  ];
  const patron = patronId(hex('aa', n));
  const lent: Event[] = [
    { type: 'item-stocked', locker, item },
    { type: 'checkout-intended', visit, locker, item, patron, pass: passId(hex('bb', n)) },
    { type: 'item-lent', visit, locker, item, patron, dueAt: moment(n).calendarMs, dueProvisional: false },
    { type: 'checkout-completed', visit, locker, door: 'closed' },
    { type: 'renewal-asked', item, patron },
  ];
  const returned: Event[] = [
    { type: 'checkin-intended', visit: backVisit, locker, item },
    { type: 'checkin-opened', visit: backVisit, locker },
    { type: 'item-returned', visit: backVisit, locker, item, door: 'closed' },
  ];
  return back ? [...lent, ...returned] : lent;
}

/** Does all housekeeping there is; in how many pieces. */
export function tidyUp(journal: Journal): number {
  let pieces = 1;
  while (journal.housekeep()) pieces += 1;
  return pieces;
}
