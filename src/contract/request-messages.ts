import { z } from 'zod';
import { hex16 } from '../circulation/event-schema.js';
import { limits } from '../kernel/limits.js';
import { faultCode, healthSchema } from './monitoring-messages.js';

/** Requests that any client of the broker may send to a kiosk. None moves a lock or changes what is trusted. */
export const requestNames = ['report', 'doors', 'position', 'logs', 'identify', 'self-test'] as const;
export type RequestName = (typeof requestNames)[number];

/** A request; its response repeats `transaction`. An empty payload is a request too. */
export const requestSchema = z.strictObject({
  transaction: z.string().max(64).optional(),
  /** Only for `logs`: how many of the newest lines. */
  lines: z.int().min(1).max(limits.logTailLength).optional(),
});
export type Request = z.infer<typeof requestSchema>;

/** The self-test of one part; `code` is its fault. */
const check = z.strictObject({ part: z.string().max(60), ok: z.boolean(), code: faultCode.nullable() });

/** The data of each response, by request name. */
export const answerSchemas = {
  report: z.strictObject({
    health: healthSchema,
    /** From the configuration; nothing secret. */
    street: z.string(),
    boards: z.array(z.string()).max(20),
    pagesOpen: z.int().min(0),
  }),
  doors: healthSchema.pick({ lockers: true }),
  position: z.strictObject({ epoch: hex16, position: z.int().min(0), sentMark: z.int().min(0) }),
  /** One JSON text per line; none names a person, an item or a title. */
  logs: z.strictObject({ lines: z.array(z.string()).max(limits.logTailLength) }),
  /** How long the kiosk shows itself. */
  identify: z.strictObject({ seconds: z.int().min(1) }),
  'self-test': z.strictObject({ checks: z.array(check).max(100) }),
} as const satisfies Record<RequestName, z.ZodType>;

export type Answers = { readonly [Name in RequestName]: z.infer<(typeof answerSchemas)[Name]> };

const transaction = z.string().max(64).optional();

/** A response: data, or an error: too many requests (`busy`), an unreadable payload, or an unknown request. */
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
