import type { CabinetBoards } from '../../firmware-bridge/board/index.js';
import type { Effect, Input } from '../circulation/input.js';
import { unreachable } from '../kernel/assert.js';
import type { Log } from '../kernel/log.js';
import type { Link } from '../link/link.js';
import { isPin } from '../passes/pin.js';
import { pulseTag } from './board-input.js';
import { answerOf } from './catalogue-link.js';
import type { Documents } from './document-store.js';
import type { Kiosk } from './kiosk.js';

/** What the effects of the core act upon. */
export interface EffectParts {
  readonly boards: CabinetBoards;
  readonly documents: Documents;
  readonly link: Link;
  readonly kiosk: Kiosk;
  /** Ends the program so that it is started anew. */
  readonly restart: () => void;
  readonly log: Log;
}

/** Does one effect of the core; what comes of it later is another input. */
export function performEffect(effect: Effect, parts: EffectParts): void {
  switch (effect.kind) {
    case 'unlock':
      parts.boards.unlock(effect.locker, pulseTag(effect.visit), effect.strength);
      return;
    case 'check-pin':
      void checkPin(effect, parts.documents).then((input) => parts.kiosk.submit(input));
      return;
    case 'answer':
      parts.link.answer(answerOf(effect));
      return;
    case 'restart':
      parts.log.warn({}, 'the catalogue has ordered a restart');
      parts.restart();
      return;
    default:
      unreachable(effect);
  }
}

/** Compares a PIN with what the catalogue sent; a patron without a card has no PIN that is right. */
async function checkPin(
  { patron, pin }: Extract<Effect, { kind: 'check-pin' }>,
  documents: Documents,
): Promise<Input> {
  const stored = documents.pinOf(patron);
  return { kind: 'pin-checked', patron, isRight: stored !== null && (await isPin(pin, stored)) };
}
