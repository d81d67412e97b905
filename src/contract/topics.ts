import { z } from 'zod';
import { hex16, recordedEventSchema } from '../circulation/event-schema.js';
import { epoch, type KioskId } from '../kernel/ids.js';
import type { DocumentName } from './document-messages.js';

/**
 * The contract between a kiosk and the catalogue: topics and payloads. Described for other languages by asyncapi.yaml.
 * Objects are strict: a field this release does not know makes a message unreadable, never half-understood.
 */
export interface KioskTopics {
  /** Retained, also the last will: whether the kiosk is connected. */
  readonly state: string;
  /** Batches of journal events, kiosk → catalogue. Sealed. */
  readonly journal: string;
  /** What the catalogue has stored durably, catalogue → kiosk. Sealed. */
  readonly journalAck: string;
  /** Retained: what the kiosk needs to know while offline too, catalogue → kiosk. Sealed. */
  readonly documents: Readonly<Record<DocumentName, string>>;
  /** An order, catalogue → kiosk. Sealed, never retained. */
  readonly command: string;
  /** What became of it, kiosk → catalogue. Sealed. */
  readonly commandAnswer: string;
  /** Retained: how the kiosk is. */
  readonly health: string;
  /** Retained: where the kiosk is and whether it is worth going there, for anybody. */
  readonly station: string;
  /** Retained: what is wrong at this moment. */
  readonly alerts: string;
  /** Something went wrong, or is right again. */
  readonly alert: string;
  /** What anybody may ask, each question under its name: `request/doors`. */
  readonly request: string;
  /** The answers, each under the name of its question. */
  readonly response: string;
}

/** The topics of one kiosk of one street; with `+` as kiosk, the filter for all of them. */
export function topicsOf(street: string, kiosk: KioskId | '+'): KioskTopics {
  const base = `lening/v1/${street}/${kiosk}`;
  return {
    state: `${base}/state`,
    journal: `${base}/journal`,
    journalAck: `${base}/journal/ack`,
    command: `${base}/command`,
    commandAnswer: `${base}/command/answer`,
    health: `${base}/health`,
    station: `${base}/station`,
    alerts: `${base}/alerts`,
    alert: `${base}/alert`,
    request: `${base}/request`,
    response: `${base}/response`,
    documents: {
      keys: `${base}/keys`,
      holdings: `${base}/holdings`,
      patrons: `${base}/patrons`,
      policy: `${base}/policy`,
      holds: `${base}/holds`,
      returns: `${base}/returns`,
      presence: `${base}/presence`,
    },
  };
}

/** Retained, also the last will: whether the street’s catalogue is connected. Not sealed: it only pauses and resumes sending. */
export const catalogueStateTopic = (street: string) => `lening/v1/${street}/catalogue/state`;

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
 * Acknowledgement: all of `epoch` up to and including `upTo` is stored durably; 0: nothing yet. `from`, `to`: the batch that is
 * acknowledged; its events were compared with the stored ones. Absent in an unasked acknowledgement. `differsAt`: the first
 * event of the batch that differs from the one stored at its position; nothing new of that batch was stored.
 */
export const ackSchema = z.strictObject({
  epoch: hex16.transform(epoch),
  upTo: z.int().min(0),
  from: z.int().min(1).optional(),
  to: z.int().min(1).optional(),
  differsAt: z.int().min(1).optional(),
});
export type Ack = z.infer<typeof ackSchema>;

/** Of a kiosk, or of the catalogue. `session` changes with every start, so that a late last will does not apply to the next session. */
export const stateSchema = z.strictObject({ online: z.boolean(), session: hex16 });
export type OnlineState = z.infer<typeof stateSchema>;
