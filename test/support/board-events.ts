import type { Test } from 'tap';
import {
  type BoardEvent,
  createLockerBoard,
  type LockerBoard,
  type LockerBoardOptions,
} from '../../firmware-bridge/board/index.js';
import { decodeFrame, type Frame } from '../../firmware-bridge/board/wire.js';
import { silentLog } from '../../src/kernel/log.js';
import { mega24, PluggedBoard } from './plugged-board.js';
import { until } from './until.js';
import { VirtualHost, virtualHost } from './virtual-host.js';

type EventOf<Kind extends BoardEvent['kind']> = Extract<BoardEvent, { kind: Kind }>;

/** A started locker board and all it has told. */
export interface Watched {
  readonly board: LockerBoard;
  readonly events: BoardEvent[];
  of<Kind extends BoardEvent['kind']>(kind: Kind): EventOf<Kind>[];
  /** Waits until so many events of a kind have come; resolves with the last of them. */
  next<Kind extends BoardEvent['kind']>(kind: Kind, count?: number): Promise<EventOf<Kind>>;
}

export interface WatchOptions
  extends Pick<LockerBoardOptions, 'path' | 'description' | 'restWaitMs' | 'log' | 'host'> {}

/** Starts a locker board for a test, which closes it. */
export function watch(
  test: Test,
  {
    log = silentLog,
    ...options
  }: Partial<WatchOptions> & Pick<WatchOptions, 'path' | 'description' | 'host'>,
): Watched {
  const events: BoardEvent[] = [];
  const board = createLockerBoard({ ...options, log, onEvent: (event) => events.push(event) });
  const of = <Kind extends BoardEvent['kind']>(kind: Kind) =>
    events.filter((event): event is EventOf<Kind> => event.kind === kind);
  test.teardown(() => board.close());
  board.start();
  return {
    board,
    events,
    of,
    async next(kind, count = 1) {
      const { host } = options;
      const isThere = () => of(kind).length >= count;
      const what = `${count} × ${kind}`;
      await (host instanceof VirtualHost ? host.timers.until(isThere, what) : until(isThere, what));
      const last = of(kind)[count - 1];
      if (!last) throw new Error('unreachable');
      return last;
    },
  };
}

/** Our valid frames among bytes of the line. */
export function framesIn(bytes: ArrayLike<number>): Frame[] {
  const all = Array.from(bytes);
  return all
    .flatMap((byte, at) => (byte === 0xf0 ? [all.slice(at, all.indexOf(0xf7, at) + 1)] : []))
    .map((frame) => decodeFrame(Uint8Array.from(frame)))
    .flatMap((result) => (result.ok ? [result.value] : []));
}

/** A board with the real firmware that is plugged in for the length of a test. */
export function plug(test: Test): PluggedBoard {
  return new PluggedBoard(virtualHost(test));
}

/** A board that is plugged in, and its locker board, which has become ready. */
export async function plugAndWait(test: Test) {
  const plugged = plug(test);
  const watched = watch(test, { ...plugged.at, description: mega24 });
  const first = await watched.next('ready');
  return { plugged, first, ...watched };
}
