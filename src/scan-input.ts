import type { Foreign, Scan } from '../firmware-bridge/reader/classify.js';
import type { Input } from './circulation/input.js';
import type { Refusal } from './circulation/state.js';
import { unreachable } from './kernel/assert.js';
import type { Moment } from './kernel/time.js';
import { type KeyRing, verifyPass } from './passes/pass.js';

const foreignRefusals: Readonly<Record<Foreign, Refusal>> = {
  'wechat-pay': 'code-is-payment',
  alipay: 'code-is-payment',
  unionpay: 'code-is-payment',
  url: 'code-is-link',
  unknown: 'code-foreign',
};

/** What a scan means to the core: a pass is verified here, a code that is not ours gets its kind answer. */
export function inputOfScan(scan: Scan, keyRing: KeyRing, moment: Moment): Input {
  switch (scan.kind) {
    case 'pass': {
      const verified = verifyPass(scan.text, keyRing, moment);
      if (!verified.ok) return { kind: 'scan-refused', refusal: verified.reason };
      const { patron, pass } = verified.value;
      return { kind: 'pass-shown', holder: { patron, age: 'adult', pass, grant: null } };
    }
    case 'locker':
      return { kind: 'locker-chosen', locker: scan.locker };
    case 'item':
      return { kind: 'item-shown', item: scan.item };
    case 'card':
      return { kind: 'scan-refused', refusal: 'card-unknown' };
    case 'title':
      return { kind: 'scan-refused', refusal: 'code-is-title' };
    case 'staff':
      return { kind: 'scan-refused', refusal: 'staff-only' };
    case 'foreign':
      return { kind: 'scan-refused', refusal: foreignRefusals[scan.what] };
    default:
      return unreachable(scan);
  }
}
