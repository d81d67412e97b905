import type { BoardLockers } from './board-lockers.js';
import type { CabinetModel } from './cabinet-model.js';
import type { EmulatedBoard } from './emulated-board.js';
import type { Props } from './props.js';
import type {
  BookRequest,
  CabinetSnapshot,
  DoorRequest,
  FaultRequest,
  HandResult,
  ScanRequest,
} from './snapshot.js';

const done: HandResult = { ok: true };

/** Acts on doors, books, reader and faults: finds the board that a locker belongs to. */
export class CabinetOperator {
  constructor(
    private readonly boards: readonly EmulatedBoard[],
    private readonly model: CabinetModel,
    private readonly props: Props,
    private readonly sendScan: (text: string) => HandResult,
  ) {}

  /** Calls `listener` after each visible change. */
  onChange(listener: () => void): void {
    for (const board of this.boards) board.onChange(listener);
  }

  snapshot(): CabinetSnapshot {
    const lockers = this.boards.flatMap((board) => board.hands((hands) => hands.lockers()));
    const { people, items } = this.props;
    return {
      lockers: lockers.toSorted((a, b) => a.locker - b.locker),
      hand: this.model.state.hand,
      props: { people, items: items.map(({ item, title, author }) => ({ item, title, author })) },
      boards: this.boards.map((board) => board.snapshot()),
    };
  }

  door({ locker, action }: DoorRequest): HandResult {
    return this.#at(locker, (hands) =>
      action === 'open' ? hands.openDoor(locker) : hands.closeDoor(locker),
    );
  }

  book({ locker, action, item }: BookRequest): HandResult {
    return this.#at(locker, (hands) =>
      action === 'take' ? hands.takeBook(locker, item) : hands.putBook(locker, item),
    );
  }

  scan({ text }: ScanRequest): HandResult {
    return this.sendScan(text);
  }

  fault(request: FaultRequest): HandResult {
    return 'board' in request ? this.#boardFault(request) : this.#lockerFault(request);
  }

  #boardFault({ kind, board: name }: Extract<FaultRequest, { board: string }>): HandResult {
    const board = this.boards.find((each) => each.name === name);
    if (!board) return { ok: false, reason: 'board-unknown' };
    if (kind === 'reset') board.reset();
    else if (kind === 'power-cut') board.cutPower();
    else if (kind === 'unplug') board.unplug();
    else board.plug();
    return done;
  }

  #lockerFault(request: Extract<FaultRequest, { locker: number }>): HandResult {
    const { locker } = request;
    return this.#at(locker, (hands) => {
      if (request.kind === 'force') return hands.forceDoor(locker);
      if (request.kind === 'chatter') hands.chatter(locker, request.everyMs);
      else if (request.kind === 'quiet') hands.quiet(locker);
      else hands.jamLatch(locker, request.kind === 'jam');
      return done;
    });
  }

  #at(locker: number, act: (hands: BoardLockers) => HandResult): HandResult {
    const board = this.boards.find((each) => each.has(locker));
    return board ? board.hands(act) : { ok: false, reason: 'locker-unknown' };
  }
}
