import { EventEmitter } from 'node:events';
import type { ItemState } from './driver/locker-board.js';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { MessageOf } from './wire.js';

const isSet = (bits: number, wireNo: number): boolean => ((bits >>> (wireNo - 1)) & 1) === 1;

/** What ITEMS says of the locker with that number on the wire. */
export function itemStateIn({ known, present }: MessageOf<'items'>, wireNo: number): ItemState {
  if (!isSet(known, wireNo)) return 'unknown';
  return isSet(present, wireNo) ? 'present' : 'absent';
}

/** A johnny-five component: the sensor for the item behind one door. Emits `change` with the new state. */
export class Item extends EventEmitter<{ change: [state: ItemState] }> {
  readonly #wireNo: number;
  #state: ItemState = 'unknown';

  constructor({ board, wireNo }: { readonly board: FiveBoard; readonly wireNo: number }) {
    super();
    becomeComponent(this, board, `item ${wireNo}`);
    this.#wireNo = wireNo;
  }

  get state(): ItemState {
    return this.#state;
  }

  /** Takes the board's report on all items. */
  update(items: MessageOf<'items'>): void {
    const state = itemStateIn(items, this.#wireNo);
    if (state === this.#state) return;
    this.#state = state;
    this.emit('change', state);
  }
}
