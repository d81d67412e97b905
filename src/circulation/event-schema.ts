import { z } from 'zod';
import {
  commandId,
  holdId,
  idPattern,
  itemId,
  lockerNo,
  lockerNoMax,
  passId,
  patronId,
  staffId,
  visitNo,
} from '../kernel/ids.js';
import { epochMs, isEpochMs } from '../kernel/time.js';
import type { Event, RecordedEvent } from './event.js';

/** 16 hex digits: how pseudonyms and ids of passes, sessions and epochs are written. */
export const hex16 = z.string().regex(idPattern.hex16);
/** The 14-digit number of an item. */
export const barcode = z.string().regex(idPattern.barcode).transform(itemId);
/** A moment in milliseconds since 1970. */
export const instant = z.int().min(0).refine(isEpochMs).transform(epochMs);
/** A patron’s pseudonym. */
export const patron = hex16.transform(patronId);
/** The catalogue’s number of a hold. */
export const hold = z.string().min(1).max(40).transform(holdId);
/** A locker of the cabinet. */
export const locker = z.int().min(1).max(lockerNoMax).transform(lockerNo);
/** The number of a visit, within one journal. */
export const visit = z.int().min(1).transform(visitNo);
/** A pseudonym of a member of staff. */
export const staff = hex16.transform(staffId);
/** The catalogue’s id of a command. */
export const command = hex16.transform(commandId);
const word = z.string().regex(/^[a-z-]{1,40}$/);
const reason = z.enum(['never-opened', 'lock-refused', 'interrupted', 'outcome-unknown']);
const door = z.enum(['closed', 'left-open', 'unknown']);

const type = <T extends string>(name: T) => ({ type: z.literal(name) });
const at = { visit, locker };
const cancelled = { ...at, item: barcode, reason };

/** The schema of each event type: exactly the types of `Event`, each with exactly its fields. */
const schemas = {
  'checkout-intended': z.strictObject({
    ...type('checkout-intended'),
    ...at,
    item: barcode,
    patron,
    pass: hex16.transform(passId).optional(),
    singleUseUntil: instant.optional(),
    command: command.optional(),
  }),
  'item-lent': z.strictObject({
    ...type('item-lent'),
    ...at,
    item: barcode,
    patron,
    dueAt: instant,
    dueProvisional: z.boolean(),
  }),
  'checkout-completed': z.strictObject({ ...type('checkout-completed'), ...at, door }),
  'checkout-cancelled': z.strictObject({ ...type('checkout-cancelled'), ...cancelled }),
  'checkout-undone': z.strictObject({ ...type('checkout-undone'), ...at, item: barcode }),
  'checkin-intended': z.strictObject({ ...type('checkin-intended'), ...at, item: barcode }),
  'checkin-opened': z.strictObject({ ...type('checkin-opened'), ...at }),
  'item-returned': z.strictObject({ ...type('item-returned'), ...at, item: barcode, door }),
  'checkin-cancelled': z.strictObject({ ...type('checkin-cancelled'), ...cancelled }),
  'item-damaged': z.strictObject({
    ...type('item-damaged'),
    locker,
    item: barcode,
    damage: z.enum(['wet', 'torn', 'missing-pages']),
  }),
  'access-intended': z.strictObject({
    ...type('access-intended'),
    ...at,
    staff,
    task: z.enum(['restock', 'withdraw', 'count', 'open', 'open-all']),
    item: barcode.nullable(),
    command: command.optional(),
  }),
  'access-opened': z.strictObject({ ...type('access-opened'), ...at }),
  'access-completed': z.strictObject({ ...type('access-completed'), ...at, door }),
  'access-cancelled': z.strictObject({ ...type('access-cancelled'), ...at, reason }),
  'item-stocked': z.strictObject({ ...type('item-stocked'), locker, item: barcode }),
  'item-withdrawn': z.strictObject({ ...type('item-withdrawn'), locker, item: barcode }),
  'item-counted': z.strictObject({ ...type('item-counted'), locker, item: barcode.nullable() }),
  'locker-withheld': z.strictObject({
    ...type('locker-withheld'),
    locker,
    reason: z.enum([
      'did-not-open',
      'door-silent',
      'door-forced',
      'outcome-unknown',
      'not-taken',
      'misplaced',
      'withdrawal',
      'emergency',
      'out-of-service',
    ]),
    staff: staff.optional(),
  }),
  'locker-restored': z.strictObject({ ...type('locker-restored'), locker, staff: staff.optional() }),
  'renewal-asked': z.strictObject({ ...type('renewal-asked'), item: barcode, patron }),
  'loan-closed': z.strictObject({ ...type('loan-closed'), item: barcode, visit }),
  'renewal-refused': z.strictObject({
    ...type('renewal-refused'),
    item: barcode,
    reason: z.enum(['renewal-limit', 'renewal-wanted']),
  }),
  'item-renewed': z.strictObject({
    ...type('item-renewed'),
    item: barcode,
    patron,
    dueAt: instant,
    dueProvisional: z.boolean(),
  }),
  'hold-placed': z.strictObject({ ...type('hold-placed'), hold, item: barcode, patron, until: instant }),
  'hold-ended': z.strictObject({
    ...type('hold-ended'),
    hold,
    reason: z.enum(['expired', 'fulfilled', 'released']),
  }),
  'pin-tried': z.strictObject({ ...type('pin-tried'), patron }),
  'pin-accepted': z.strictObject({ ...type('pin-accepted'), patron }),
  'command-taken': z.strictObject({
    ...type('command-taken'),
    command,
    order: z.enum(['open', 'withhold', 'restore', 'withdraw', 'hold', 'release', 'lend', 'restart']),
    issuedAt: instant,
    expiresAt: instant,
    answer: z.enum(['accepted', 'done', 'refused']),
    reason: word.optional(),
  }),
  'command-settled': z.strictObject({
    ...type('command-settled'),
    command,
    answer: z.enum(['done', 'refused']),
    reason: word.optional(),
  }),
} satisfies { readonly [T in Event['type']]: z.ZodType<Extract<Event, { type: T }>> };

/** Every type of event there is. */
export const eventTypes = Object.keys(schemas) as readonly Event['type'][];

const all = Object.values(schemas);

/** One event, whatever its type; a field too many or a value out of range makes it none. */
export const eventSchema: z.ZodType<Event> = z.discriminatedUnion('type', all as [(typeof all)[number]]);

/** An event with its place in the journal. */
export const recordedEventSchema: z.ZodType<RecordedEvent> = z.strictObject({
  position: z.int().min(1),
  at: instant,
  trust: z.enum(['trusted', 'floor']),
  event: eventSchema,
});
