import type { Input } from '../circulation/input.js';
import { unreachable } from '../kernel/assert.js';
import type { ScreenIntent } from '../screen/intent.js';

/** Translates a touch on the screen into an input for the core. */
export function inputOfIntent(intent: ScreenIntent): Input {
  switch (intent.kind) {
    case 'choose-locker':
      return { kind: 'locker-chosen', locker: intent.locker };
    case 'enter-pin':
      return { kind: 'pin-entered', pin: intent.pin };
    case 'choose-return':
      return { kind: 'return-chosen' };
    case 'choose-renewal':
      return { kind: 'renewal-chosen', item: intent.item };
    case 'want-another':
      return { kind: 'another-wanted' };
    case 'not-taken':
      return { kind: 'not-taken', locker: intent.locker };
    case 'report-damage':
      return { kind: 'damage-reported', damage: intent.damage };
    case 'cancel':
      return { kind: 'cancelled' };
    case 'door-stuck':
      return { kind: 'door-stuck' };
    case 'staff':
      return { kind: 'staff-acted', act: intent.act };
    default:
      return unreachable(intent);
  }
}
