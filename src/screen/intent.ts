import { z } from 'zod';
import type { Damage } from '../circulation/event.js';
import type { StaffAct } from '../circulation/input.js';
import { type ItemId, idPattern, itemId, type LockerNo, lockerNo, lockerNoMax } from '../kernel/ids.js';

/** What somebody does at the screen. */
export type ScreenIntent =
  | { readonly kind: 'choose-locker'; readonly locker: LockerNo }
  /** Never logged, and never sent back to a page. */
  | { readonly kind: 'enter-pin'; readonly pin: string }
  | { readonly kind: 'choose-return' }
  | { readonly kind: 'choose-renewal'; readonly item: ItemId }
  | { readonly kind: 'want-another' }
  /** The book just borrowed from this locker is still in it. */
  | { readonly kind: 'not-taken'; readonly locker: LockerNo }
  | { readonly kind: 'report-damage'; readonly damage: Damage }
  | { readonly kind: 'cancel' }
  /** The unlocked door does not open. */
  | { readonly kind: 'door-stuck' }
  | { readonly kind: 'staff'; readonly act: StaffAct };

const locker = z.int().min(1).max(lockerNoMax).transform(lockerNo);

const actSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.enum(['restock', 'count', 'open-all', 'confirm', 'menu']),
  }),
  z.strictObject({ do: z.enum(['open', 'withdraw', 'withhold', 'restore']), locker }),
  z.strictObject({ do: z.literal('found-nothing') }),
]);

/** What a page may post. */
export const intentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choose-locker'), locker }),
  z.strictObject({ kind: z.literal('enter-pin'), pin: z.string().regex(/^\d{4,8}$/) }),
  z.strictObject({ kind: z.literal('choose-return') }),
  z.strictObject({
    kind: z.literal('choose-renewal'),
    item: z.string().regex(idPattern.barcode).transform(itemId),
  }),
  z.strictObject({ kind: z.literal('want-another') }),
  z.strictObject({ kind: z.literal('not-taken'), locker }),
  z.strictObject({ kind: z.literal('report-damage'), damage: z.enum(['wet', 'torn', 'missing-pages']) }),
  z.strictObject({ kind: z.literal('cancel') }),
  z.strictObject({ kind: z.literal('door-stuck') }),
  z.strictObject({ kind: z.literal('staff'), act: actSchema }),
]) satisfies z.ZodType<ScreenIntent>;
