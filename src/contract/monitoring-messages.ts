import { z } from 'zod';
import { hex16, instant, locker } from '../circulation/event-schema.js';
import { type FaultCode, faultCatalogue } from '../kernel/faults.js';
import { boardId } from '../kernel/ids.js';

// What a kiosk publishes about itself for maintainers and for the public. It names no title, no item and no person.

/** The code of a fault; its meaning and remedy are in the catalogue of faults. */
export const faultCode = z.enum(Object.keys(faultCatalogue) as [FaultCode, ...FaultCode[]]);
const count = z.int().min(0);
const board = z.string().min(1).max(40).transform(boardId);
const trust = z.enum(['trusted', 'floor']);
const names = z.strictObject({ zh: z.string().max(80), en: z.string().max(120) });

/** The kiosk's condition. Retained; published each minute and on changes (see `health.ts`). */
export const healthSchema = z.strictObject({
  at: instant,
  /** Whether calendar time is trusted; `floor`: the time is `at` or later. */
  trust,
  /** The session of `state`: changes with every start. */
  session: hex16,
  uptimeS: count,
  version: z.string().max(40),
  journal: z.strictObject({
    epoch: hex16,
    position: count,
    /** Events the catalogue has not acknowledged, and the age of the oldest. */
    unsent: count,
    oldestUnsentS: count.nullable(),
    /** Why the journal cannot be written; null while it can. */
    failure: faultCode.nullable(),
  }),
  /** The medium of the journal; null where the system does not report it. */
  disk: z
    .strictObject({
      freeBytes: count,
      totalBytes: count,
      /** Since the machine started. */
      writtenBytes: count.nullable(),
      /** The medium's wear, by its own estimate. */
      lifeUsedPercent: count.nullable(),
    })
    .nullable(),
  memory: z.strictObject({ rssBytes: count, freeBytes: count }),
  cpu: z.strictObject({
    celsius: z.number().nullable(),
    /** Whether the supply voltage is too low now. */
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
  /** Books that can be borrowed now, and lockers that can take a return now. */
  books: count,
  emptyLockers: count,
  /** The versions of the documents in use. */
  documents: z.record(z.string().max(20), z.int().min(1)),
});
export type Health = z.infer<typeof healthSchema>;

/**
 * The kiosk on public maps, after GBFS: its position, and whether it lends and takes returns. Retained; published each minute
 * and on change. An old `lastReported` means that the kiosk is not connected.
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
  since: instant,
  trust,
};

/** All faults present now. Retained. */
export const alertsSchema = z.strictObject({ alerts: z.array(z.strictObject(alert)).max(2_500) });
export type Alerts = z.infer<typeof alertsSchema>;
export type ActiveAlert = Alerts['alerts'][number];

/** One fault raised or cleared. */
export const alertSchema = z.strictObject({ happened: z.enum(['raised', 'cleared']), ...alert });
export type AlertEvent = z.infer<typeof alertSchema>;
