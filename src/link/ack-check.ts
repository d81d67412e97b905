import type { Ack } from '../contract/topics.js';

/** A batch that was sent and is not acknowledged: first and last position. */
export interface SentBatch {
  readonly from: number;
  readonly to: number;
}

/** How far the journal has been sent when an ack arrives. */
export interface SendProgress {
  /** Position up to which the catalogue has stored the same events as the journal. */
  readonly mark: number;
  readonly lastPosition: number;
  /** Position up to which events were pruned and cannot be sent again. */
  readonly prunedUpTo: number;
  readonly unacknowledged: readonly SentBatch[];
}

/** What an ack means for the uplink. */
export type AckResult =
  /** Nothing to do. */
  | { readonly kind: 'none' }
  /** Everything up to `mark` is stored as the journal has it. */
  | { readonly kind: 'stored'; readonly mark: number }
  /** The catalogue has stored up to `mark` only: send from there. */
  | { readonly kind: 'resend'; readonly mark: number }
  /**
   * The epoch has to end. `rewound`: the catalogue has other events after `known`, or more, so this journal is an old copy.
   * `behind`: the catalogue has lost events that were pruned here; the journal has those after `known`.
   */
  | { readonly kind: 'epoch-over'; readonly why: 'rewound' | 'behind'; readonly known: number };

const none: AckResult = { kind: 'none' };

/**
 * Decides what an ack for the current epoch means. Pure. Only an ack of a batch that was sent over this connection, after
 * all batches before it were acknowledged, proves that the journal's events are the stored ones. Any other ack can only
 * request more events: an old copy of the journal may be shorter than what is stored, or longer.
 */
export function checkAck({ upTo, from, to, differsAt }: Ack, progress: SendProgress): AckResult {
  const { mark, lastPosition, prunedUpTo, unacknowledged } = progress;
  if (from === undefined) return checkUnsolicited(upTo, progress);
  const batch = unacknowledged.find((one) => one.from === from && one.to === to);
  if (batch === undefined) return none;
  if (batch.from > mark + 1) {
    // This batch arrived and one before it did not.
    return upTo < batch.from - 1 ? { kind: 'resend', mark: Math.min(mark, upTo) } : none;
  }
  if (differsAt !== undefined) {
    return {
      kind: 'epoch-over',
      why: 'rewound',
      known: Math.min(Math.max(differsAt, batch.from) - 1, batch.to),
    };
  }
  if (upTo < prunedUpTo) return { kind: 'epoch-over', why: 'behind', known: prunedUpTo };
  if (upTo < batch.to) return { kind: 'resend', mark: upTo };
  const reached = Math.max(mark, batch.to);
  if (upTo > lastPosition && reached === lastPosition)
    return { kind: 'epoch-over', why: 'rewound', known: reached };
  return { kind: 'stored', mark: reached };
}

function checkUnsolicited(
  upTo: number,
  { mark, lastPosition, prunedUpTo, unacknowledged }: SendProgress,
): AckResult {
  if (upTo < prunedUpTo) return { kind: 'epoch-over', why: 'behind', known: prunedUpTo };
  if (upTo > lastPosition) {
    return mark === lastPosition ? { kind: 'epoch-over', why: 'rewound', known: mark } : none;
  }
  const expected = unacknowledged[0]?.to ?? mark;
  return upTo < expected ? { kind: 'resend', mark: Math.min(mark, upTo) } : none;
}
