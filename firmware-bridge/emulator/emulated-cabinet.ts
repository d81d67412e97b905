import { type BoardDescription, type Cabinet, lockersOf } from '../../hardware/cabinet.js';
import { realTimers, type Timers } from '../../src/kernel/wait.js';
import { CabinetModel } from './cabinet-model.js';
import { EmulatedBoard } from './emulated-board.js';
import { Machine } from './machine.js';
import { CabinetOperator } from './operator.js';
import type { Props } from './props.js';
import type { HandResult } from './snapshot.js';
import { WiredCabinet } from './wired-cabinet.js';
import { WiredKerong } from './wired-kerong.js';

export interface EmulatedCabinetOptions {
  readonly cabinet: Cabinet;
  /** The flash contents of each Mega. */
  readonly image: Uint8Array;
  readonly props: Props;
  /** Sends a text from the reader. */
  readonly scan: (text: string) => HandResult;
  /** The clock that the boards follow; the computer's by default. */
  readonly timers?: Timers;
}

/** The boards of a cabinet, which share its lockers, and the operator who acts on them. */
export interface EmulatedCabinet {
  readonly boards: readonly EmulatedBoard[];
  readonly operator: CabinetOperator;
}

/** Creates the boards. None has a cable or runs until it is started. */
export function createEmulatedCabinet(options: EmulatedCabinetOptions): EmulatedCabinet {
  const { cabinet, image, props, scan, timers = realTimers } = options;
  const model = new CabinetModel(lockersOf(cabinet), props.items);
  const boards = cabinet.boards.map((board) => createBoard(board, image, model, timers));
  return { boards, operator: new CabinetOperator(boards, model, props, scan) };
}

function createBoard(
  description: BoardDescription,
  image: Uint8Array,
  model: CabinetModel,
  timers: Timers,
): EmulatedBoard {
  const name = description.board;
  if (description.kind === 'kerong') {
    const hands = new WiredKerong(description, model);
    const { machine: device } = hands;
    return new EmulatedBoard({ name, device, hands, timers, violations: () => device.violations });
  }
  const device = new Machine(image);
  return new EmulatedBoard({ name, device, hands: new WiredCabinet(device, description, model), timers });
}
