import type { Input } from '../../../src/circulation/input.js';
import type { PassHolder } from '../../../src/circulation/state.js';
import {
  type ItemId,
  kioskId,
  type PatronId,
  passId,
  patronId,
  type StaffId,
} from '../../../src/kernel/ids.js';
import { type EpochMs, epochMs, type Moment } from '../../../src/kernel/time.js';
import { inputOfScan } from '../../../src/kiosk/scan-input.js';
import type { PassClaims } from '../../../src/passes/claims.js';
import { createKeyRing, generateSigningKey, verifyingKeyOf } from '../../../src/passes/keys.js';
import { issuePass } from '../../../src/passes/pass.js';
import { kiosk } from './actors.js';

const day = 86_400_000;
const key = generateSigningKey();
const foreignKey = generateSigningKey();
const keyRing = createKeyRing([verifyingKeyOf(key)]);

/** When a pass was issued, and by whom: which part of its life it has had. */
const lived = {
  fresh: 0,
  old: 0.6,
  'last-minute': 0.999,
  'just-over': 1.001,
  'long-over': 20,
  'not-yet': -0.3,
  forged: 0,
  elsewhere: 0,
} as const;

export type PassAge = keyof typeof lived;
export const passAges = Object.keys(lived) as PassAge[];

/** What a pass is for. */
export type PassPurpose =
  | { readonly kind: 'resident'; readonly patron: PatronId; readonly age: 'adult' | 'child' }
  | { readonly kind: 'grant'; readonly patron: PatronId; readonly item: ItemId | null }
  | { readonly kind: 'staff'; readonly staff: StaffId };

/** A pass as it really is, whatever the kiosk makes of it. */
export interface ShownPass {
  readonly claims: PassClaims;
  readonly isForged: boolean;
  readonly isElsewhere: boolean;
}

/** A pass of `age` at the true time, and what the kiosk’s edge makes of it at the time it believes in. */
export function showPass(
  purpose: PassPurpose,
  number: number,
  age: PassAge,
  trueMs: EpochMs,
  believed: Moment,
): { readonly shown: ShownPass; readonly input: Input } {
  const lifeMs = purpose.kind === 'grant' ? day / 2 : 30 * day;
  const validFrom = epochMs(Math.floor((trueMs - lived[age] * lifeMs) / 1_000) * 1_000);
  const validUntil = epochMs(validFrom + lifeMs);
  const pass = passId(number.toString(16).padStart(16, '0'));
  const isElsewhere = age === 'elsewhere' && purpose.kind !== 'resident';
  const place = isElsewhere ? kioskId('jn-02') : kiosk;
  const claims: PassClaims =
    purpose.kind === 'resident'
      ? { ...purpose, pass, validFrom, validUntil }
      : purpose.kind === 'staff'
        ? { ...purpose, kiosk: isElsewhere ? place : null, pass, validFrom, validUntil }
        : { ...purpose, age: 'adult', kiosk: place, pass, validFrom, validUntil };
  const isForged = age === 'forged';
  const text = issuePass(claims, isForged ? foreignKey : key);
  const kind = purpose.kind === 'staff' ? 'staff' : 'pass';
  const input = inputOfScan({ kind, text }, { kiosk, keyRing, moment: believed, cardOf: () => null });
  return { shown: { claims, isForged, isElsewhere }, input };
}

/** Somebody who never borrowed anything. */
export const newcomer: PassHolder = {
  patron: patronId('f'.repeat(16)),
  age: 'adult',
  pass: passId('f'.repeat(16)),
  grant: null,
};
