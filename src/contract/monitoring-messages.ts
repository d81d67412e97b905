import { z } from 'zod';
import { hex16, instant, locker } from '../circulation/event-schema.js';
import { type FaultCode, faultCatalogue } from '../kernel/faults.js';
import { boardId } from '../kernel/ids.js';

// What a kiosk says of itself to those who look after it, and to the public. No title, no item and no person is in it.

/** The code of a fault; its meaning and remedy are in the catalogue of faults. */
export const faultCode = z.enum(Object.keys(faultCatalogue) as [FaultCode, ...FaultCode[]]);
const count = z.int().min(0);
const board = z.string().min(1).max(40).transform(boardId);
const trust = z.enum(['trusted', 'floor']);
const names = z.strictObject({ zh: z.string().max(80), en: z.string().max(120) });

/** Retained, each minute and when something in it changed that matters: how the kiosk is. */
export const healthSchema = z.strictObject({
  at: instant,
  /** Whether the calendar is believed; `floor`: it is that time or later. */
  trust,
  /** The life of the program, as in `state`. */
  session: hex16,
  uptimeS: count,
  version: z.string().max(40),
  journal: z.strictObject({
    epoch: hex16,
    position: count,
    /** Events the catalogue has not acknowledged, and how long ago the oldest of them was. */
    unsent: count,
    oldestUnsentS: count.nullable(),
    /** Why nothing can be written; null while it can. */
    failure: faultCode.nullable(),
  }),
  /** The medium the journal is on; null where the system does not say. */
  disk: z
    .strictObject({
      freeBytes: count,
      totalBytes: count,
      /** Since the machine started. */
      writtenBytes: count.nullable(),
      /** Of its life, by its own estimate. */
      lifeUsedPercent: count.nullable(),
    })
    .nullable(),
  memory: z.strictObject({ rssBytes: count, freeBytes: count }),
  cpu: z.strictObject({
    celsius: z.number().nullable(),
    /** Whether the supply is too weak at this moment. */
    underVoltage: z.boolean().nullable(),
    load1: z.number().min(0),
  }),
  reader: z.enum(['ready', 'lost']),
  boards: z.array(z.strictObject({ board, state: z.enum(['ready', 'lost']) })).max(20),
  lockers: z
    .array(
      z.strictObject({
        locker,
        door: z.enum(['open', 'closed', 'unknown']),
        fault: faultCode.nullable(),
      }),
    )
    .max(999),
  /** Books that can be borrowed, and lockers that can take one, at this moment. */
  books: count,
  emptyLockers: count,
  /** The versions of the documents it lives by. */
  documents: z.record(z.string().max(20), z.int().min(1)),
});
export type Health = z.infer<typeof healthSchema>;

/**
 * Retained, each minute and when something in it changed, for maps and anybody: where the kiosk is, and whether it is worth
 * going there. After GBFS: one with an old `lastReported` is of a kiosk that is not connected.
 */
export const stationSchema = z.strictObject({
  station: z.string().max(40),
  name: names,
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
  address: names.optional(),
  isInstalled: z.boolean(),
  isLending: z.boolean(),
  isReturning: z.boolean(),
  books: count,
  emptyLockers: count,
  lastReported: instant,
});
export type Station = z.infer<typeof stationSchema>;

const alert = {
  code: faultCode,
  locker: locker.optional(),
  board: board.optional(),
  meaning: z.string().max(400),
  remedy: z.string().max(400),
  /** Since when. */
  since: instant,
  trust,
};

/** Retained: what is wrong at this moment. */
export const alertsSchema = z.strictObject({ alerts: z.array(z.strictObject(alert)).max(2_500) });
export type Alerts = z.infer<typeof alertsSchema>;
export type ActiveAlert = Alerts['alerts'][number];

/** Each time something went wrong, or is right again. */
export const alertSchema = z.strictObject({ happened: z.enum(['raised', 'cleared']), ...alert });
export type AlertEvent = z.infer<typeof alertSchema>;
