import type { Input } from './circulation/input.js';
import { unreachable } from './kernel/assert.js';
import type { ScreenIntent } from './screen/server.js';

/** What a touch on the screen means to the core. */
export function inputOfIntent(intent: ScreenIntent): Input {
  switch (intent.kind) {
    case 'cancel':
      return { kind: 'cancelled' };
    case 'choose-locker':
      return { kind: 'locker-chosen', locker: intent.locker };
    case 'door-stuck':
      return { kind: 'door-stuck' };
    default:
      return unreachable(intent);
  }
}
