import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { z } from 'zod';
import { idPattern, kioskId, patronId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { epochMs, isEpochMs } from '../kernel/time.js';

const instant = z.int().refine(isEpochMs).transform(epochMs);
const kiosk = z.string().regex(idPattern.kiosk).transform(kioskId);
const patron = z.string().regex(idPattern.hex16).transform(patronId);

/**
 * What a telephone keeps for us, signed, so that it can neither be made up nor taken for something else.
 * `arrival`: it came with this code then; `here`: what the catalogue said to that; `who`: whose it is.
 */
const ticketSchemas = {
  arrival: z.strictObject({ is: z.literal('arrival'), kiosk, code: z.string().max(16), at: instant }),
  here: z.strictObject({
    is: z.literal('here'),
    kiosk,
    patron,
    verdict: z.enum(['present', 'wrong', 'too-often']),
    until: instant,
  }),
  who: z.strictObject({ is: z.literal('who'), patron, until: instant }),
} as const;

type Name = keyof typeof ticketSchemas;
/** One of the tickets. */
export type Ticket<N extends Name> = z.infer<(typeof ticketSchemas)[N]>;

/** Reads and writes the tickets of a request. */
export interface Tickets {
  read<N extends Name>(context: Context, name: N): Promise<Ticket<N> | null>;
  write(context: Context, ticket: Ticket<Name>): Promise<void>;
  remove(context: Context, name: Name): void;
}

/** Makes the tickets, signed with `key`; `isSecure`: they travel over TLS alone. */
export function createTickets(key: Buffer<ArrayBuffer>, isSecure: () => boolean): Tickets {
  const attributes = () => ({ httpOnly: true, sameSite: 'Lax', secure: isSecure() }) as const;
  return {
    async read(context, name) {
      const text = await getSignedCookie(context, key, name);
      const parsed = ticketSchemas[name].safeParse(jsonOf(text || ''));
      return parsed.success ? (parsed.data as Ticket<typeof name>) : null;
    },
    async write(context, ticket) {
      const maxAge = limits.phoneTicketS;
      await setSignedCookie(context, ticket.is, JSON.stringify(ticket), key, { ...attributes(), maxAge });
    },
    remove: (context, name) => void deleteCookie(context, name, attributes()),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
