import { z } from 'zod';
import { barcode, hex16, hold, instant, patron, visit } from '../circulation/event-schema.js';
import { idPattern, passId, titleId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { isPinHash } from '../passes/pin.js';
import { readPayload } from './payload.js';

/**
 * The version of a document. Documents go from the catalogue to one kiosk, retained and whole: a higher `version` replaces a
 * lower one. The kiosk keeps them and uses them while offline.
 */
const version = z.int().min(1);
const title = z.string().min(1).max(40).transform(titleId);
const loanClass = z.string().min(1).max(40);
const age = z.enum(['adult', 'child']);
const loanDays = z.int().min(1).max(366);

/**
 * The keys (PEM) whose passes, documents, acks and commands are accepted from now on; earlier keys that are not listed
 * again are revoked. The list is accepted only under the seal of a configured key.
 */
export const keysSchema = z.strictObject({
  version,
  keys: z
    .array(
      z
        .string()
        .regex(/^-----BEGIN PUBLIC KEY-----/)
        .max(400),
    )
    .min(1)
    .max(limits.keysLength),
});
export type Keys = z.infer<typeof keysSchema>;

/** The titles and items this kiosk may hold. */
export const holdingsSchema = z.strictObject({
  version,
  titles: z
    .array(
      z.strictObject({
        title,
        name: z.string().min(1).max(200),
        author: z.string().max(200),
        language: z.enum(['zh', 'en']),
        /** The loan period of the policy that applies; absent: the usual one. */
        loanClass: loanClass.optional(),
        adultsOnly: z.boolean().optional(),
      }),
    )
    .max(limits.documentRowsLength),
  items: z
    .array(
      z.strictObject({
        item: barcode,
        title,
        /** Needed elsewhere: not renewed, and withdrawn by staff. */
        wanted: z.boolean().optional(),
      }),
    )
    .max(limits.documentRowsLength),
});
export type Holdings = z.infer<typeof holdingsSchema>;

/** Library cards that are accepted here, and patrons who may not borrow. Pseudonyms and hashes only. */
export const patronsSchema = z.strictObject({
  version,
  cards: z
    .array(
      z.strictObject({
        card: z.string().regex(idPattern.barcode),
        patron,
        age,
        pin: z.string().max(120).refine(isPinHash, 'a hash as src/passes/pin.ts makes it'),
      }),
    )
    .max(limits.documentRowsLength),
  blocked: z.array(patron).max(limits.documentRowsLength),
  revoked: z.array(hex16.transform(passId)).max(limits.revokedPassesLength),
});
export type Patrons = z.infer<typeof patronsSchema>;

/** The street's lending rules; see `circulation/directory`. */
export const policySchema = z.strictObject({
  version,
  loanDays,
  loanDaysOfClass: z
    .record(loanClass, loanDays)
    .refine((classes) => Object.keys(classes).length <= 100, 'at most 100 classes'),
  closedDays: z.array(z.iso.date()).max(1_000),
  loansPerPatron: z.int().min(1).max(1_000),
  loansPerPatronOffline: z.int().min(0).max(1_000),
  renewals: z.int().min(0).max(100),
});
export type PolicyDocument = z.infer<typeof policySchema>;

/** All holds on items of this kiosk; one that is missing from the list is released. */
export const holdsSchema = z.strictObject({
  version,
  holds: z.array(z.strictObject({ hold, item: barcode, patron, until: instant })).max(limits.holdsLength),
});
export type Holds = z.infer<typeof holdsSchema>;

/** Items lent here and returned to another kiosk, each with the visit of its loan, until the kiosk's journal closes the loan. */
export const returnsSchema = z.strictObject({
  version,
  returns: z.array(z.strictObject({ item: barcode, visit })).max(limits.returnsLength),
});
export type Returns = z.infer<typeof returnsSchema>;

/**
 * The secret of the one-time code in the screen’s QR (RFC 6238, HMAC-SHA-1). A scan of the code proves presence at the kiosk.
 * Knowing the secret allows a false proof and no more: a door is opened by a sealed command or a signed pass.
 */
export const presenceSchema = z.strictObject({
  version,
  /** Base32 (RFC 4648), 128 bits at least. */
  secret: z.string().regex(/^[A-Z2-7]{26,128}$/),
  periodS: z.int().min(10).max(300),
  digits: z.int().min(6).max(8),
});
export type Presence = z.infer<typeof presenceSchema>;

/** The documents by name; a document's topic is the kiosk's, with its name. */
export const documentSchemas = {
  keys: keysSchema,
  holdings: holdingsSchema,
  patrons: patronsSchema,
  policy: policySchema,
  holds: holdsSchema,
  returns: returnsSchema,
  presence: presenceSchema,
} as const;

export type DocumentName = keyof typeof documentSchemas;

/** A received document. */
export type Document =
  | { readonly name: 'keys'; readonly body: Keys }
  | { readonly name: 'holdings'; readonly body: Holdings }
  | { readonly name: 'patrons'; readonly body: Patrons }
  | { readonly name: 'policy'; readonly body: PolicyDocument }
  | { readonly name: 'holds'; readonly body: Holds }
  | { readonly name: 'returns'; readonly body: Returns }
  | { readonly name: 'presence'; readonly body: Presence };

export const documentNames = Object.keys(documentSchemas) as readonly DocumentName[];

/** Checks a JSON value against the schema of document `name`; undefined when it does not fit. */
export function documentOf(name: DocumentName, value: unknown): Document | undefined {
  const { success, data } = documentSchemas[name].safeParse(value);
  return success ? ({ name, body: data } as Document) : undefined;
}

/** Reads a payload as the document `name`; undefined when it does not fit. Never throws on bad input. */
export function readDocument(name: DocumentName, payload: Uint8Array): Document | undefined {
  return documentOf(name, readPayload(z.unknown(), payload));
}
