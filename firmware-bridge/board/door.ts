import { EventEmitter } from 'node:events';
import type { DoorState } from './driver/locker-board.js';
import { becomeComponent, type FiveBoard } from './five-board.js';
import type { MessageOf } from './wire.js';

const isSet = (bits: number, wireNo: number): boolean => ((bits >>> (wireNo - 1)) & 1) === 1;

/** What DOORS says of the door of the locker with that number on the wire. */
export function doorStateIn({ known, open }: MessageOf<'doors'>, wireNo: number): DoorState {
  if (!isSet(known, wireNo)) return 'unknown';
  return isSet(open, wireNo) ? 'open' : 'closed';
}

/** Whether DOORS says that the locker's switches are restless. */
export function chattersIn({ chattering }: MessageOf<'doors'>, wireNo: number): boolean {
  return isSet(chattering, wireNo);
}

/**
 * A johnny-five component: one door's switch, as the firmware has debounced it. Emits `change` with the new state, and
 * `chatter` when the board begins or ceases to find the locker's switches restless.
 */
export class Door extends EventEmitter<{ change: [state: DoorState]; chatter: [chatters: boolean] }> {
  readonly #wireNo: number;
  #state: DoorState = 'unknown';
  #chatters = false;

  constructor({ board, wireNo }: { readonly board: FiveBoard; readonly wireNo: number }) {
    super();
    becomeComponent(this, board, `door ${wireNo}`);
    this.#wireNo = wireNo;
  }

  get state(): DoorState {
    return this.#state;
  }

  get chatters(): boolean {
    return this.#chatters;
  }

  /** Takes the board's report on all doors. */
  update(doors: MessageOf<'doors'>): void {
    const chatters = chattersIn(doors, this.#wireNo);
    const state = doorStateIn(doors, this.#wireNo);
    const [chattered, before] = [this.#chatters, this.#state];
    this.#chatters = chatters;
    this.#state = state;
    if (chatters !== chattered) this.emit('chatter', chatters);
    if (state !== before) this.emit('change', state);
  }
}
