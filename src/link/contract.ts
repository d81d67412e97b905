import { z } from 'zod';
import type { Event, RecordedEvent } from '../circulation/event.js';
import { epoch, itemId, type KioskId, lockerNo, passId, patronId, titleId, visitNo } from '../kernel/ids.js';
import { epochMs } from '../kernel/time.js';

/**
 * The contract between a kiosk and the catalogue: topics and payloads. Described for other languages by asyncapi.yaml.
 * Objects are strict: a field this release does not know makes a message unreadable, never half-understood.
 */
export interface KioskTopics {
  /** Retained, also the last will: whether the kiosk is connected. */
  readonly state: string;
  /** Batches of journal events, kiosk → catalogue. */
  readonly journal: string;
  /** What the catalogue has stored durably, catalogue → kiosk. */
  readonly journalAck: string;
  /** Retained: the titles and items this kiosk may hold, catalogue → kiosk. */
  readonly holdings: string;
}

/** The topics of one kiosk of one street; with `+` as kiosk, the filter for all of them. */
export function topicsOf(street: string, kiosk: KioskId | '+'): KioskTopics {
  const base = `lening/v1/${street}/${kiosk}`;
  return {
    state: `${base}/state`,
    journal: `${base}/journal`,
    journalAck: `${base}/journal/ack`,
    holdings: `${base}/holdings`,
  };
}

const hex16 = z.string().regex(/^[0-9a-f]{16}$/);
const barcode = z
  .string()
  .regex(/^\d{14}$/)
  .transform(itemId);
const locker = z.int().min(1).max(999).transform(lockerNo);
const visit = z.int().min(1).transform(visitNo);
const patron = hex16.transform(patronId);
const instant = z.int().min(0).transform(epochMs);
const cancelReason = z.enum(['never-opened', 'lock-refused', 'interrupted', 'outcome-unknown']);
const withheldReason = z.enum(['did-not-open', 'door-silent', 'door-forced', 'outcome-unknown']);
const doorAtEnd = z.enum(['closed', 'left-open', 'unknown']);

/** One event of the journal; the same closed union as `circulation/event`. */
export const eventSchema: z.ZodType<Event> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('item-stocked'), locker, item: barcode }),
  z.strictObject({
    type: z.literal('checkout-intended'),
    visit,
    locker,
    item: barcode,
    patron,
    pass: hex16.transform(passId),
  }),
  z.strictObject({
    type: z.literal('item-lent'),
    visit,
    locker,
    item: barcode,
    patron,
    dueAt: instant,
    dueProvisional: z.boolean(),
  }),
  z.strictObject({ type: z.literal('checkout-completed'), visit, locker, door: doorAtEnd }),
  z.strictObject({
    type: z.literal('checkout-cancelled'),
    visit,
    locker,
    item: barcode,
    reason: cancelReason,
  }),
  z.strictObject({ type: z.literal('checkin-intended'), visit, locker, item: barcode }),
  z.strictObject({ type: z.literal('checkin-opened'), visit, locker }),
  z.strictObject({ type: z.literal('item-returned'), visit, locker, item: barcode, door: doorAtEnd }),
  z.strictObject({
    type: z.literal('checkin-cancelled'),
    visit,
    locker,
    item: barcode,
    reason: cancelReason,
  }),
  z.strictObject({ type: z.literal('locker-withheld'), locker, reason: withheldReason }),
  z.strictObject({ type: z.literal('locker-restored'), locker }),
]);

const recordedEventSchema: z.ZodType<RecordedEvent> = z.strictObject({
  position: z.int().min(1),
  at: instant,
  trust: z.enum(['trusted', 'floor']),
  event: eventSchema,
});

/** Consecutive events of one epoch, the first at position `from`. */
export const batchSchema = z
  .strictObject({
    epoch: hex16.transform(epoch),
    from: z.int().min(1),
    events: z.array(recordedEventSchema).min(1).max(1_000),
  })
  .refine(({ from, events }) => events.every(({ position }, index) => position === from + index), {
    error: 'positions count up from `from` without a gap',
  });
export type Batch = z.infer<typeof batchSchema>;

/**
 * Everything of `epoch` up to and including `upTo` is stored durably; 0: nothing yet. `differsAt`: the first event of the
 * batch that differs from the one stored at its position; nothing new of that batch was stored.
 */
export const ackSchema = z.strictObject({
  epoch: hex16.transform(epoch),
  upTo: z.int().min(0),
  differsAt: z.int().min(1).optional(),
});
export type Ack = z.infer<typeof ackSchema>;

/** Which books a kiosk may hold. A higher `version` replaces a lower one whole. */
export const holdingsSchema = z.strictObject({
  version: z.int().min(1),
  titles: z
    .array(
      z.strictObject({
        title: z.string().min(1).max(40).transform(titleId),
        name: z.string().min(1).max(200),
        author: z.string().max(200),
        language: z.enum(['zh', 'en']),
      }),
    )
    .max(20_000),
  items: z.array(z.strictObject({ item: barcode, title: z.string().transform(titleId) })).max(20_000),
});
export type Holdings = z.infer<typeof holdingsSchema>;

/** `session` changes with every start of the kiosk, so that a late will cannot mark its successor dead. */
export const stateSchema = z.strictObject({ online: z.boolean(), session: hex16 });
export type KioskState = z.infer<typeof stateSchema>;

/** Reads a payload; undefined when it is not JSON or does not fit `schema`. Never throws on bad input. */
export function readPayload<T>(schema: z.ZodType<T>, payload: Uint8Array): T | undefined {
  const parsed = schema.safeParse(parseJson(Buffer.from(payload).toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
