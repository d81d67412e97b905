import { z } from 'zod';
import { barcode, hex16, recordedEventSchema } from '../circulation/event-schema.js';
import { epoch, type KioskId, titleId } from '../kernel/ids.js';

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
 * Everything of `epoch` up to and including `upTo` is stored durably; 0: nothing yet. `from`, `to`: the batch with these
 * positions is answered, and what was known of it was compared; absent in an answer that nobody asked for. `differsAt`:
 * the first event of the batch that differs from the one stored at its position; nothing new of that batch was stored.
 */
export const ackSchema = z.strictObject({
  epoch: hex16.transform(epoch),
  upTo: z.int().min(0),
  from: z.int().min(1).optional(),
  to: z.int().min(1).optional(),
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
