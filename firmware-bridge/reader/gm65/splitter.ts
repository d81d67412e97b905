import { replyData, replyHeadBytes, replyHeads, replyLength } from './codec.js';

/** Tells a module's replies from its scans, which share one line. */
export interface ReplySplitter {
  /** A reply is awaited: from now on one that begins is taken out. */
  await(): void;
  /** What arrived: at most one reply's data, and the bytes that are none of it, in their order. */
  push(bytes: Uint8Array): { readonly reply: Uint8Array | null; readonly text: Uint8Array };
  /** No reply is awaited any more; gives back what looked like the beginning of one. */
  giveUp(): Uint8Array;
}

/**
 * Only while a reply is awaited can bytes be one: 02 also begins the scans of readers that frame with STX and ETX. A
 * reply with a wrong CRC is text like any other, and noise to the framer: nothing is swallowed.
 */
export function createReplySplitter(): ReplySplitter {
  let isAwaited = false;
  let held: number[] = [];

  function push(bytes: Uint8Array): { reply: Uint8Array | null; text: Uint8Array } {
    if (!isAwaited) return { reply: null, text: bytes };
    const text: number[] = [];
    let reply: Uint8Array | null = null;
    const queue = [...held, ...bytes];
    held = [];
    let at = 0;
    while (at < queue.length) {
      const found: Beginning = reply ? 'text' : beginsReply(queue, at);
      if (found === 'text') text.push(queue[at++] ?? 0);
      else if (found === 'unfinished') {
        held = queue.slice(at);
        break;
      } else {
        reply = found.data;
        at += found.length;
        isAwaited = false;
      }
    }
    return { reply, text: Uint8Array.from(text) };
  }

  return {
    await() {
      isAwaited = true;
    },
    push,
    giveUp() {
      isAwaited = false;
      const back = Uint8Array.from(held);
      held = [];
      return back;
    },
  };
}

type Beginning = 'text' | 'unfinished' | { readonly data: Uint8Array; readonly length: number };

/** What stands at `at`: a whole reply, perhaps the beginning of one, or neither. */
function beginsReply(queue: readonly number[], at: number): Beginning {
  const first = queue[at] ?? 0;
  if (!replyHeads.some((head) => head === first)) return 'text';
  const head = queue.slice(at, at + replyHeadBytes);
  if (head.slice(1, 3).some((byte) => byte !== 0)) return 'text';
  if (head.length < replyHeadBytes) return 'unfinished';
  const length = replyLength(Uint8Array.from(head));
  if (length === null) return 'text';
  if (queue.length < at + length) return 'unfinished';
  const data = replyData(Uint8Array.from(queue.slice(at, at + length)));
  return data ? { data, length } : 'text';
}
