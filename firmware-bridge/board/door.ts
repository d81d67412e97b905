import { EventEmitter } from 'node:events';
import type { LockerNo } from '../../src/kernel/ids.js';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { MessageOf } from './wire.js';

/** A door as its switch says; `unknown` until the switch has been stable. */
export type DoorState = 'open' | 'closed' | 'unknown';

/** What DOORS says of one door. */
export function doorStateIn({ known, open }: MessageOf<'doors'>, locker: LockerNo): DoorState {
  const isSet = (bits: number) => ((bits >>> (locker - 1)) & 1) === 1;
  if (!isSet(known)) return 'unknown';
  return isSet(open) ? 'open' : 'closed';
}

/** A johnny-five component: one door's switch, as the firmware has debounced it. Emits `change` with the new state. */
export class Door extends EventEmitter<{ change: [state: DoorState] }> {
  readonly #locker: LockerNo;
  #state: DoorState = 'unknown';

  constructor({ board, locker }: { readonly board: FiveBoard; readonly locker: LockerNo }) {
    super();
    becomeComponent(this, board, `door ${locker}`);
    this.#locker = locker;
  }

  get state(): DoorState {
    return this.#state;
  }

  /** Takes the board's report on all doors. */
  update(doors: MessageOf<'doors'>): void {
    const state = doorStateIn(doors, this.#locker);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('change', state);
  }
}
