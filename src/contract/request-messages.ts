import { z } from 'zod';
import { hex16 } from '../circulation/event-schema.js';
import { limits } from '../kernel/limits.js';
import { faultCode, healthSchema } from './monitoring-messages.js';

/** What anybody on the broker may ask a kiosk. No answer moves a lock, or changes what is trusted. */
export const requestNames = ['report', 'doors', 'position', 'logs', 'identify', 'self-test'] as const;
export type RequestName = (typeof requestNames)[number];

/** A question; its answer repeats `transaction`. An empty payload asks too. */
export const requestSchema = z.strictObject({
  transaction: z.string().max(64).optional(),
  /** Only of `logs`: how many lines, of the newest. */
  lines: z.int().min(1).max(limits.logTailLength).optional(),
});
export type Request = z.infer<typeof requestSchema>;

/** Whether a part of the kiosk is as it should be; `code` says what is wrong. */
const check = z.strictObject({ part: z.string().max(60), ok: z.boolean(), code: faultCode.nullable() });

/** What is answered, by the name of the question. */
export const answerSchemas = {
  report: z.strictObject({
    health: healthSchema,
    /** What it is configured to be; nothing secret. */
    street: z.string(),
    boards: z.array(z.string()).max(20),
    pagesOpen: z.int().min(0),
  }),
  doors: healthSchema.pick({ lockers: true }),
  position: z.strictObject({ epoch: hex16, position: z.int().min(0), sentMark: z.int().min(0) }),
  /** One JSON text for each line; they name no person, no item and no title. */
  logs: z.strictObject({ lines: z.array(z.string()).max(limits.logTailLength) }),
  /** It shows itself for so many seconds. */
  identify: z.strictObject({ seconds: z.int().min(1) }),
  'self-test': z.strictObject({ checks: z.array(check).max(100) }),
} as const satisfies Record<RequestName, z.ZodType>;

export type Answers = { readonly [Name in RequestName]: z.infer<(typeof answerSchemas)[Name]> };

const transaction = z.string().max(64).optional();

/** An answer, or why there is none: too many questions (`busy`), one that is not understood, one there is not. */
export const responseSchema = z.discriminatedUnion('status', [
  z.strictObject({
    transaction,
    status: z.literal('ok'),
    data: z.union([
      answerSchemas.report,
      answerSchemas.doors,
      answerSchemas.position,
      answerSchemas.logs,
      answerSchemas.identify,
      answerSchemas['self-test'],
    ]),
  }),
  z.strictObject({
    transaction,
    status: z.literal('error'),
    error: z.enum(['busy', 'unreadable', 'unknown-request']),
  }),
]);
export type Response = z.infer<typeof responseSchema>;
