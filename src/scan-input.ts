import type { Scan } from '../firmware-bridge/reader/classify.js';
import type { Input } from './circulation/input.js';
import { unreachable } from './kernel/assert.js';
import type { Moment } from './kernel/time.js';
import { type KeyRing, verifyPass } from './passes/pass.js';

/** What a scan means to the core: a pass is verified here, a code that is not ours gets its kind answer. */
export function inputOfScan(scan: Scan, keyRing: KeyRing, moment: Moment): Input {
  switch (scan.kind) {
    case 'pass': {
      const verified = verifyPass(scan.text, keyRing, moment);
      if (!verified.ok) return { kind: 'scan-refused', refusal: verified.reason };
      const { patron, pass } = verified.value;
      return { kind: 'pass-shown', holder: { patron, pass } };
    }
    case 'locker':
      return { kind: 'locker-chosen', locker: scan.locker };
    case 'item':
      return { kind: 'item-shown', item: scan.item };
    case 'card':
      return { kind: 'scan-refused', refusal: 'card-needs-counter' };
    case 'title':
      return { kind: 'scan-refused', refusal: 'code-is-title' };
    case 'foreign':
      return { kind: 'scan-refused', refusal: 'code-foreign' };
    default:
      return unreachable(scan);
  }
}
