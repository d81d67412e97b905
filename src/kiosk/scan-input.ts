import type { Foreign, Scan } from '../../firmware-bridge/reader/classify.js';
import type { Age } from '../circulation/directory.js';
import type { Input } from '../circulation/input.js';
import type { Refusal } from '../circulation/refusal.js';
import type { PassHolder } from '../circulation/state.js';
import { unreachable } from '../kernel/assert.js';
import type { KioskId, PatronId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import type { PassClaims } from '../passes/claims.js';
import { type KeyRing, verifyPass } from '../passes/pass.js';

/** What a scan is checked against. */
export interface ScanContext {
  readonly kiosk: KioskId;
  readonly keyRing: KeyRing;
  readonly moment: Moment;
  /** The owner of a library card, by its number; null for an unknown card. */
  cardOf(card: string): { readonly patron: PatronId; readonly age: Age } | null;
}

const foreignRefusals: Readonly<Record<Foreign, Refusal>> = {
  'wechat-pay': 'code-is-payment',
  alipay: 'code-is-payment',
  unionpay: 'code-is-payment',
  url: 'code-is-link',
  unknown: 'code-foreign',
};

/** Translates a scan into an input for the core: verifies passes, and refuses foreign codes with the reason to show. */
export function inputOfScan(scan: Scan, context: ScanContext): Input {
  switch (scan.kind) {
    case 'pass':
    case 'staff': {
      const verified = verifyPass(scan.text, context.keyRing, context.moment, context.kiosk);
      return verified.ok ? inputOfPass(verified.value) : { kind: 'scan-refused', refusal: verified.reason };
    }
    case 'locker':
      return { kind: 'locker-chosen', locker: scan.locker };
    case 'item':
      return { kind: 'item-shown', item: scan.item };
    case 'card':
      return { kind: 'card-shown', owner: context.cardOf(scan.card) };
    case 'title':
      return { kind: 'scan-refused', refusal: 'code-is-title' };
    case 'receipt':
      return { kind: 'scan-refused', refusal: 'code-is-receipt' };
    case 'foreign':
      return { kind: 'scan-refused', refusal: foreignRefusals[scan.what] };
    default:
      return unreachable(scan);
  }
}

function inputOfPass(claims: PassClaims): Input {
  switch (claims.kind) {
    case 'staff':
      return { kind: 'staff-shown', staff: claims.staff };
    case 'resident':
      return { kind: 'pass-shown', holder: holderOf(claims, null) };
    case 'grant': {
      const { validUntil: until, item } = claims;
      return { kind: 'pass-shown', holder: holderOf(claims, { until, item, spent: false, command: null }) };
    }
  }
}

function holderOf(
  { patron, age, pass }: Exclude<PassClaims, { kind: 'staff' }>,
  grant: PassHolder['grant'],
): PassHolder {
  return { patron, age, pass, grant };
}
