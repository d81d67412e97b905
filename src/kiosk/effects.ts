import type { CabinetBoards } from '../../firmware-bridge/board/index.js';
import type { Effect, Input } from '../circulation/input.js';
import { unreachable } from '../kernel/assert.js';
import type { Log } from '../kernel/log.js';
import type { Link } from '../link/link.js';
import { isPin } from '../passes/pin.js';
import { pulseTag } from './board-input.js';
import { answerOf } from './catalogue-link.js';
import type { DocumentStore } from './document-store.js';

/** A PIN that was entered for a patron’s card. */
export type EnteredPin = Omit<Extract<Effect, { kind: 'check-pin' }>, 'kind'>;

/** Compares a PIN and reports, in a later turn, whether it is right. */
export type PinCheck = (entered: EnteredPin, report: (isRight: boolean) => void) => void;

/** The parts that effects of the core act upon. */
export interface EffectParts {
  readonly boards: Pick<CabinetBoards, 'unlock'>;
  readonly checkPin: PinCheck;
  readonly link: Pick<Link, 'answer'>;
  submit(input: Input): void;
  /** Ends the program so that it is started anew. */
  restart(): void;
  readonly log: Log;
}

/** Performs one effect of the core; its result comes back later as an input. */
export function performEffect(effect: Effect, parts: EffectParts): void {
  switch (effect.kind) {
    case 'unlock':
      parts.boards.unlock(effect.locker, pulseTag(effect.visit), effect.strength);
      return;
    case 'check-pin': {
      const { patron } = effect;
      parts.checkPin(effect, (isRight) => parts.submit({ kind: 'pin-checked', patron, isRight }));
      return;
    }
    case 'answer':
      parts.link.answer(answerOf(effect));
      return;
    case 'restart':
      parts.log.warn({}, 'restart ordered by catalogue');
      parts.restart();
      return;
    default:
      unreachable(effect);
  }
}

/** Makes the comparison with the hashes that the catalogue sent; without a card every PIN is wrong. */
export function createPinCheck(documents: Pick<DocumentStore, 'pinOf'>): PinCheck {
  const isRight = async ({ patron, pin }: EnteredPin) => {
    const stored = documents.pinOf(patron);
    return stored !== null && (await isPin(pin, stored));
  };
  return (entered, report) => void isRight(entered).then(report);
}
