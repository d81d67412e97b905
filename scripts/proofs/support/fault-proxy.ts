import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** How a connection ends: with a reset, in order, or only for what goes to the server. */
export type CutKind = 'reset' | 'end' | 'half';

/** A way through TCP that can be made worse at any time; what it carries keeps its order. */
export interface FaultProxy {
  readonly port: number;
  /** From now on everything takes this long, each way, and up to `jitterMs` more. */
  setDelay(delayMs: number, jitterMs?: number): void;
  /** Nothing goes through (both ways, or one) until it is called with `false`. */
  stall(which: 'both' | 'up' | 'down', stalled: boolean): void;
  /** One byte at a time, a thousand a second. */
  trickle(on: boolean): void;
  /** At most so many bytes a second, each way; null: as many as come. */
  slow(bytesPerS: number | null): void;
  /** Ends all connections there are. */
  cut(kind: CutKind): void;
  /** Whether new connections are taken. */
  open(isOpen: boolean): void;
  readonly connections: number;
  close(): Promise<void>;
}

/** What the ways through have in common. */
interface Weather {
  delayMs: number;
  jitterMs: number;
  stalledUp: boolean;
  stalledDown: boolean;
  pace: Pace | null;
  isOpen: boolean;
}

/** At most so many bytes at once, and then a pause. */
interface Pace {
  readonly bytes: number;
  readonly pauseMs: number;
}

const trickling: Pace = { bytes: 1, pauseMs: 1 };
/** What goes at once on a slow way: a packet of TCP. */
const packetBytes = 1_460;

/** Starts a proxy before the server at `target`, a port of this machine. `chance` (0 to 1) decides what jitters. */
export async function startFaultProxy(target: number, chance: () => number): Promise<FaultProxy> {
  const weather: Weather = {
    delayMs: 0,
    jitterMs: 0,
    stalledUp: false,
    stalledDown: false,
    pace: null,
    isOpen: true,
  };
  const ways = new Set<Way>();
  const server = createServer({ noDelay: true }, (near) => {
    near.on('error', () => undefined);
    if (!weather.isOpen) {
      reset(near);
      return;
    }
    const way = new Way(near, connect({ port: target, host: '127.0.0.1', noDelay: true }), weather, chance);
    ways.add(way);
    way.onGone = () => ways.delete(way);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const flush = () => {
    for (const way of ways) way.flush();
  };
  const setPace = (pace: Pace | null) => {
    weather.pace = pace;
    flush();
  };
  return {
    port: address.port,
    get connections() {
      return ways.size;
    },
    setDelay(delayMs, jitterMs = 0) {
      Object.assign(weather, { delayMs, jitterMs });
    },
    stall(which, stalled) {
      if (which !== 'down') weather.stalledUp = stalled;
      if (which !== 'up') weather.stalledDown = stalled;
      flush();
    },
    trickle: (on) => setPace(on ? trickling : null),
    slow: (bytesPerS) =>
      setPace(bytesPerS === null ? null : { bytes: packetBytes, pauseMs: (packetBytes / bytesPerS) * 1_000 }),
    cut(kind) {
      for (const way of [...ways]) way.cut(kind);
    },
    open(isOpen) {
      weather.isOpen = isOpen;
    },
    async close() {
      for (const way of [...ways]) way.cut('reset');
      server.close();
      await once(server, 'close');
    },
  };
}

/** A reset while the end of a stream is still being said leaves libuv spinning for ever (nodejs/node, `uv_tcp_close_reset`). */
function reset(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}

/** One connection through the proxy. */
class Way {
  onGone: () => void = () => undefined;
  readonly #up: Direction;
  readonly #down: Direction;

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    weather: Weather,
    chance: () => number,
  ) {
    this.#up = new Direction(near, far, weather, () => weather.stalledUp, chance);
    this.#down = new Direction(far, near, weather, () => weather.stalledDown, chance);
    for (const socket of [near, far]) {
      socket.on('error', () => this.cut('reset'));
      socket.on('close', () => this.cut('reset'));
    }
  }

  flush(): void {
    this.#up.flush();
    this.#down.flush();
  }

  cut(kind: CutKind): void {
    if (kind === 'half') {
      this.far.end();
      return;
    }
    this.#up.close();
    this.#down.close();
    for (const socket of [this.near, this.far]) {
      if (kind === 'end') socket.end();
      else reset(socket);
    }
    this.onGone();
  }
}

interface Waiting {
  readonly bytes: Buffer;
  readonly dueMs: number;
}

/** More than this on its way, and the sender is made to wait. */
const pausedAboveBytes = 64 * 1024 * 1024;

/** What goes one way: first in, first out, each piece when it is due. */
class Direction {
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastDueMs = 0;
  #hasEnded = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly weather: Weather,
    private readonly isStalled: () => boolean,
    private readonly chance: () => number,
  ) {
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => {
      this.#hasEnded = true;
      this.flush();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  /** Sends what is due, and waits for the rest. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.isStalled()) return;
    const { pace } = this.weather;
    const nowMs = performance.now();
    let sent = 0;
    for (const { bytes, dueMs } of this.#waiting) {
      if (dueMs > nowMs) break;
      if (pace) {
        this.#sendPart(bytes, pace);
        return;
      }
      this.#send(bytes);
      sent += 1;
    }
    this.#waiting.splice(0, sent);
    const [next] = this.#waiting;
    if (next) this.#wait(next.dueMs - nowMs);
    else if (this.#hasEnded) this.to.end();
  }

  #send(bytes: Buffer): void {
    this.to.write(bytes);
    this.#waitingBytes -= bytes.length;
    if (this.#waitingBytes < pausedAboveBytes) this.from.resume();
  }

  /** So much of the first piece as may go at once; the rest waits a little longer. */
  #sendPart(first: Buffer, { bytes, pauseMs }: Pace): void {
    this.#send(first.subarray(0, bytes));
    if (first.length > bytes) this.#waiting[0] = { bytes: first.subarray(bytes), dueMs: 0 };
    else this.#waiting.shift();
    this.#wait(pauseMs);
  }

  #take(bytes: Buffer): void {
    const { delayMs, jitterMs, pace } = this.weather;
    const isDirect = delayMs === 0 && pace === null && this.#waiting.length === 0 && !this.isStalled();
    if (isDirect) {
      this.to.write(bytes);
      return;
    }
    const dueMs = Math.max(this.#lastDueMs, performance.now() + delayMs + this.chance() * jitterMs);
    this.#lastDueMs = dueMs;
    this.#waiting.push({ bytes, dueMs });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= pausedAboveBytes) this.from.pause();
    if (this.#timer === undefined) this.flush();
  }

  #wait(waitMs: number): void {
    this.#timer = setTimeout(() => this.flush(), waitMs);
  }
}
