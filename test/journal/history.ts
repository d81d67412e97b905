import fc from 'fast-check';
import type {
  CancelReason,
  Damage,
  Event,
  HoldEnd,
  StaffTask,
  WithheldReason,
} from '../../src/circulation/event.js';
import { eventTypes } from '../../src/circulation/event-schema.js';
import type { emptyLedger } from '../../src/circulation/ledger.js';
import {
  commandId,
  holdId,
  itemId,
  lockerNo,
  passId,
  patronId,
  staffId,
  type VisitNo,
} from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';

const locker = fc.integer({ min: 1, max: 4 }).map(lockerNo);
const item = fc.constantFrom('30106000000017', '30106000000025', '30106000000033').map(itemId);
const patron = fc.constantFrom('a1a1a1a1a1a1a1a1', 'b2b2b2b2b2b2b2b2').map(patronId);
const door = fc.constantFrom('closed' as const, 'left-open' as const, 'unknown' as const);
const reason = fc.constantFrom<CancelReason[]>(
  'never-opened',
  'lock-refused',
  'interrupted',
  'outcome-unknown',
);
const withheld = fc.constantFrom<WithheldReason[]>(
  'did-not-open',
  'door-silent',
  'door-forced',
  'outcome-unknown',
  'not-taken',
  'misplaced',
  'withdrawal',
  'emergency',
  'out-of-service',
);
const type = fc.constantFrom(...eventTypes);
const parts = fc.record({
  type,
  locker,
  item,
  patron,
  door,
  reason,
  withheld,
  dueAt: fc.integer({ min: 0, max: 4e12 }).map(epochMs),
  dueProvisional: fc.boolean(),
  maybe: fc.option(item),
  damage: fc.constantFrom<Damage[]>('wet', 'torn', 'missing-pages'),
  task: fc.constantFrom<StaffTask[]>('restock', 'withdraw', 'count', 'open', 'open-all'),
  hold: fc.constantFrom('h-1', 'h-2').map(holdId),
  holdEnd: fc.constantFrom<HoldEnd[]>('expired', 'fulfilled', 'released'),
  singleUse: fc.constantFrom({}, { singleUseUntil: epochMs(5) }),
  command: fc.constantFrom('00000000000000c1', '00000000000000c2').map(commandId),
  ordered: fc.boolean(),
  issuedAt: fc.integer({ min: 1, max: 4 }).map((hours) => epochMs(hours * 1_000_000)),
});

/** Any sequence of facts, likely or not; only the numbers of visits go upwards, as the core gives them. */
export const history = fc
  .array(fc.array(parts, { minLength: 1, maxLength: 4 }), { maxLength: 12 })
  .map((steps) => {
    let visits = 0;
    return steps.map((step) =>
      step.map((part) => {
        if (part.type.endsWith('-intended')) visits += 1;
        return eventOf(part, visits);
      }),
    );
  });

function eventOf(part: Parameters<typeof pick>[0] & { type: Event['type'] }, visits: number): Event {
  return pick(part, visits)[part.type];
}

function pick(
  p: Omit<typeof parts extends fc.Arbitrary<infer T> ? T : never, 'type'>,
  visits: number,
): { [T in Event['type']]: Extract<Event, { type: T }> } {
  const { locker, item, maybe, patron, door, reason, withheld, dueAt, dueProvisional } = p;
  const { damage, task, hold, holdEnd, singleUse, command, issuedAt } = p;
  const by = p.ordered ? { command } : {};
  const expiresAt = epochMs(issuedAt + 500_000);
  const staff = staffId('5555555555555555');
  // Also none at all, which the core never records: the journal keeps what it is given.
  const visit = visits as VisitNo;
  const pass = passId(patron.replace(/^../, String(visits % 100).padStart(2, '0')));
  return {
    'item-stocked': { type: 'item-stocked', locker, item },
    'item-withdrawn': { type: 'item-withdrawn', locker, item },
    'item-counted': { type: 'item-counted', locker, item: maybe },
    'item-damaged': { type: 'item-damaged', locker, item, damage },
    'checkout-undone': { type: 'checkout-undone', visit, locker, item },
    'access-intended': { type: 'access-intended', visit, locker, staff, task, item: maybe, ...by },
    'access-opened': { type: 'access-opened', visit, locker },
    'access-completed': { type: 'access-completed', visit, locker, door },
    'access-cancelled': { type: 'access-cancelled', visit, locker, reason },
    'loan-closed': { type: 'loan-closed', item, visit },
    'renewal-asked': { type: 'renewal-asked', item, patron },
    'renewal-refused': { type: 'renewal-refused', item, reason: 'renewal-limit' },
    'item-renewed': { type: 'item-renewed', item, patron, dueAt, dueProvisional },
    'hold-placed': { type: 'hold-placed', hold, item, patron, until: dueAt },
    'hold-ended': { type: 'hold-ended', hold, reason: holdEnd },
    'pin-tried': { type: 'pin-tried', patron },
    'pin-accepted': { type: 'pin-accepted', patron },
    'command-taken': {
      type: 'command-taken',
      command,
      order: 'open',
      issuedAt,
      expiresAt,
      answer: 'accepted',
    },
    'command-settled': { type: 'command-settled', command, answer: 'refused', reason },
    'checkout-intended': {
      type: 'checkout-intended',
      visit,
      locker,
      item,
      patron,
      pass,
      ...singleUse,
      ...by,
    },
    'item-lent': { type: 'item-lent', visit, locker, item, patron, dueAt, dueProvisional },
    'checkout-completed': { type: 'checkout-completed', visit, locker, door },
    'checkout-cancelled': { type: 'checkout-cancelled', visit, locker, item, reason },
    'checkin-intended': { type: 'checkin-intended', visit, locker, item },
    'checkin-opened': { type: 'checkin-opened', visit, locker },
    'item-returned': { type: 'item-returned', visit, locker, item, door },
    'checkin-cancelled': { type: 'checkin-cancelled', visit, locker, item, reason },
    'locker-withheld': { type: 'locker-withheld', locker, reason: withheld },
    'locker-restored': { type: 'locker-restored', locker },
  };
}

/** Maps compared by content: a table has no order of insertion. */
export function sorted({ nextVisit, ...parts }: typeof emptyLedger) {
  const byKey = (rows: ReadonlyMap<unknown, unknown>) =>
    [...rows].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return { nextVisit, parts: Object.entries(parts).map(([name, rows]) => [name, byKey(rows)]) };
}
