import { EventEmitter } from 'node:events';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { DoorState } from './locker-board.js';
import type { MessageOf } from './wire.js';

/** What DOORS says of the door of the locker with that number on the wire. */
export function doorStateIn({ known, open }: MessageOf<'doors'>, wireNo: number): DoorState {
  const isSet = (bits: number) => ((bits >>> (wireNo - 1)) & 1) === 1;
  if (!isSet(known)) return 'unknown';
  return isSet(open) ? 'open' : 'closed';
}

/** A johnny-five component: one door's switch, as the firmware has debounced it. Emits `change` with the new state. */
export class Door extends EventEmitter<{ change: [state: DoorState] }> {
  readonly #wireNo: number;
  #state: DoorState = 'unknown';

  constructor({ board, wireNo }: { readonly board: FiveBoard; readonly wireNo: number }) {
    super();
    becomeComponent(this, board, `door ${wireNo}`);
    this.#wireNo = wireNo;
  }

  get state(): DoorState {
    return this.#state;
  }

  /** Takes the board's report on all doors. */
  update(doors: MessageOf<'doors'>): void {
    const state = doorStateIn(doors, this.#wireNo);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('change', state);
  }
}
