import { z } from 'zod';
import { barcode, hex16, hold, instant, locker, patron, staff } from '../circulation/event-schema.js';
import type { Order } from '../circulation/order.js';
import { commandId } from '../kernel/ids.js';

const kind = <K extends Order['kind']>(name: K) => ({ kind: z.literal(name) });

/** An order of the catalogue; see `Order`. */
export const orderSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...kind('open'),
    locker,
    by: staff,
    reason: z.enum(['help', 'maintenance', 'inspection']),
  }),
  z.strictObject({ ...kind('withhold'), locker, by: staff }),
  z.strictObject({ ...kind('restore'), locker, by: staff }),
  z.strictObject({ ...kind('withdraw'), item: barcode, by: staff }),
  z.strictObject({ ...kind('hold'), hold, item: barcode, patron, until: instant }),
  z.strictObject({ ...kind('release'), hold }),
  z.strictObject({ ...kind('lend'), patron, age: z.enum(['adult', 'child']), item: barcode.nullable() }),
  z.strictObject({ ...kind('restart'), by: staff }),
]) satisfies z.ZodType<Order>;

/**
 * An order to one kiosk, sealed for its topic. `command` is its id: the kiosk executes it at most once, and not from
 * `expiresAt` on. `challenge`: the kiosk's challenge, sent because its clock is in doubt.
 */
export const commandSchema = z
  .strictObject({
    command: hex16.transform(commandId),
    issuedAt: instant,
    expiresAt: instant,
    challenge: hex16.optional(),
    order: orderSchema,
  })
  .refine(({ issuedAt, expiresAt }) => issuedAt < expiresAt, { error: 'expiresAt is after issuedAt' });
export type Command = z.infer<typeof commandSchema>;

/**
 * The result of a command: `accepted`: in progress; `done`; `refused`: not executed, for `reason`.
 * `challenge`: the kiosk's clock is in doubt; the command has to be issued again with it within a minute.
 */
export const commandAnswerSchema = z.strictObject({
  command: hex16.transform(commandId),
  answer: z.enum(['accepted', 'refused', 'done']),
  reason: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  challenge: hex16.optional(),
});
export type CommandAnswer = z.infer<typeof commandAnswerSchema>;
