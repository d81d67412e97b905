import { isUtf8 } from 'node:buffer';

const STX = 0x02;
const ETX = 0x03;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const DEL = 0x7f;

/** What a chunk of bytes brought: whole scans in their order, and how many bytes were thrown away as noise. */
export interface Framed {
  readonly frames: readonly string[];
  readonly discardedBytes: number;
}

/** Bytes of a reader → scans. Keeps at most `maxBytes` whatever arrives. */
export interface Framer {
  push(bytes: Uint8Array): Framed;
  /** The line fell silent: what was begun will not be finished. Returns how many bytes were thrown away. */
  silence(): number;
  /** Whether a scan was begun and is not finished, or the line is being skipped up to the next scan. */
  readonly isUnfinished: boolean;
}

/**
 * Splits a reader's bytes at CR, LF, TAB or ETX, in any mixture; STX begins afresh. Empty frames are nothing.
 * A frame with a control character, with bytes that are no UTF-8 text, or longer than `maxBytes` is noise: thrown
 * away and counted up to its end. Pure but for its buffer: silence is told by the caller.
 */
export function createFramer(maxBytes: number): Framer {
  const kept = Buffer.alloc(maxBytes);
  let length = 0;
  let isAscii = true;
  let isSkipping = false;

  function restart(): void {
    length = 0;
    isAscii = true;
    isSkipping = false;
  }

  /** Drops what is kept; says how many bytes that were. */
  function drop(): number {
    const bytes = length;
    restart();
    return bytes;
  }

  function take(): string | undefined {
    const frame = kept.subarray(0, length);
    if (isAscii) return frame.toString('latin1');
    return isUtf8(frame) ? frame.toString('utf8') : undefined;
  }

  function push(bytes: Uint8Array): Framed {
    const frames: string[] = [];
    let discardedBytes = 0;
    for (const byte of bytes) {
      if (byte === CR || byte === LF || byte === TAB || byte === ETX) {
        const text = take();
        if (text === undefined) discardedBytes += length;
        else if (length > 0) frames.push(text);
        restart();
      } else if (byte === STX) {
        discardedBytes += drop();
      } else if (isSkipping) {
        discardedBytes += 1;
      } else if (byte < 0x20 || byte === DEL || length === maxBytes) {
        discardedBytes += drop() + 1;
        isSkipping = true;
      } else {
        if (byte > DEL) isAscii = false;
        kept[length++] = byte;
      }
    }
    return { frames, discardedBytes };
  }

  return {
    push,
    silence: drop,
    get isUnfinished() {
      return length > 0 || isSkipping;
    },
  };
}
