import type { Ack } from '../contract/topics.js';

/** A batch that was sent and is not answered: first and last position. */
export interface SentBatch {
  readonly from: number;
  readonly to: number;
}

/** How far the journal has been sent when an answer comes. */
export interface Progress {
  /** Up to where the catalogue has stored, and what we have is what it has. */
  readonly mark: number;
  readonly lastPosition: number;
  /** Up to where events were put away and cannot be sent again. */
  readonly goneTo: number;
  readonly unanswered: readonly SentBatch[];
}

/** What an answer means. */
export type Verdict =
  /** Nothing new. */
  | { readonly kind: 'nothing' }
  /** Everything up to `mark` is stored as we have it. */
  | { readonly kind: 'stored'; readonly mark: number }
  /** The catalogue has only what is up to `mark`: send from there. */
  | { readonly kind: 'again'; readonly mark: number }
  /**
   * This epoch cannot go on. `rewound`: the catalogue has another story after `known`, or a longer one, so this journal is
   * an old copy. `behind`: it has lost what we cannot send again; we have what comes after `known`.
   */
  | { readonly kind: 'over'; readonly why: 'rewound' | 'behind'; readonly known: number };

const nothing: Verdict = { kind: 'nothing' };

/**
 * Judges an answer for this epoch. Only an answer to a batch that was sent over this connection, after all before it
 * were answered, says that our events are the stored ones; whatever else the catalogue says of itself can only call for
 * more, for an old copy of the journal may be shorter than what is stored or grown beyond it.
 */
export function judgeAck({ upTo, from, to, differsAt }: Ack, progress: Progress): Verdict {
  const { mark, lastPosition, goneTo, unanswered } = progress;
  if (from === undefined) return judgeUnasked(upTo, progress);
  const batch = unanswered.find((one) => one.from === from && one.to === to);
  if (batch === undefined) return nothing;
  if (batch.from > mark + 1) {
    // It came and one before it did not.
    return upTo < batch.from - 1 ? { kind: 'again', mark: Math.min(mark, upTo) } : nothing;
  }
  if (differsAt !== undefined) {
    return { kind: 'over', why: 'rewound', known: Math.min(Math.max(differsAt, batch.from) - 1, batch.to) };
  }
  if (upTo < goneTo) return { kind: 'over', why: 'behind', known: goneTo };
  if (upTo < batch.to) return { kind: 'again', mark: upTo };
  const reached = Math.max(mark, batch.to);
  if (upTo > lastPosition && reached === lastPosition)
    return { kind: 'over', why: 'rewound', known: reached };
  return { kind: 'stored', mark: reached };
}

function judgeUnasked(upTo: number, { mark, lastPosition, goneTo, unanswered }: Progress): Verdict {
  if (upTo < goneTo) return { kind: 'over', why: 'behind', known: goneTo };
  if (upTo > lastPosition) {
    return mark === lastPosition ? { kind: 'over', why: 'rewound', known: mark } : nothing;
  }
  const expected = unanswered[0]?.to ?? mark;
  return upTo < expected ? { kind: 'again', mark: Math.min(mark, upTo) } : nothing;
}
