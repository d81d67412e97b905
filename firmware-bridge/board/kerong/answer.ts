import { limits } from '../../../src/kernel/limits.js';
import { type Address, type Dialect, decodeStatus, dialects, type Status, statusBytesOf } from './codec.js';

/** What was heard so far on a line that was asked something. */
export interface Heard {
  /** The answer, once it is complete. */
  readonly status: Status | null;
  /** Bytes that belonged neither to it nor to an echo of the question. */
  readonly discardedBytes: number;
}

const nothing: Heard = { status: null, discardedBytes: 0 };

/**
 * Finds a board's status among the bytes after a question. An adapter may echo the question, a line that turns round may add
 * a byte or two: the status is found wherever it lies. Holds `limits.kerongReceiveBytes` at most, and does no I/O.
 */
export class AnswerFinder {
  #bytes: number[] = [];
  #question: Uint8Array = new Uint8Array();
  #answered = false;
  #discarded = 0;
  #lastRejection: string | null = null;

  constructor(
    private readonly dialect: Dialect,
    private readonly address: Address,
  ) {}

  /** Starts to look for the answer to a new question; discards the bytes received before. */
  begin(question: Uint8Array): void {
    if (!this.#answered) {
      this.#discarded += this.#bytes.length;
      this.#lastRejection = this.#describe() ?? this.#lastRejection;
    }
    this.#bytes = [];
    this.#question = question;
    this.#answered = false;
  }

  push(chunk: Uint8Array): Heard {
    if (this.#answered) {
      this.#discarded += chunk.length;
      return nothing;
    }
    this.#bytes.push(...chunk);
    this.#dropEcho();
    const found = findStatus(this.dialect, this.#bytes);
    if (found && found.status.address === this.address) {
      this.#answered = true;
      this.#discarded += this.#bytes.length - statusBytesOf(this.dialect);
      return { status: found.status, discardedBytes: this.#takeDiscarded() };
    }
    const excess = this.#bytes.length - limits.kerongReceiveBytes;
    if (excess > 0) {
      this.#bytes.splice(0, excess);
      this.#discarded += excess;
    }
    return nothing;
  }

  /** Why the bytes received last were no answer, in words; null when none were received. */
  rejectionReason(): string | null {
    return this.#describe() ?? this.#lastRejection;
  }

  #describe(): string | null {
    if (this.#bytes.length === 0) return null;
    const spoken = dialects.find((dialect) => findStatus(dialect, this.#bytes) !== null);
    if (spoken === this.dialect) {
      return `board ${findStatus(spoken, this.#bytes)?.status.address} answers, not board ${this.address}`;
    }
    if (spoken) return `it answers in ${spoken}, not in ${this.dialect}`;
    return `its answer is no status of ${this.dialect}: ${hex(this.#bytes)}`;
  }

  #takeDiscarded(): number {
    const discarded = this.#discarded;
    this.#discarded = 0;
    return discarded;
  }

  #dropEcho(): void {
    const length = this.#question.length;
    if (length === 0 || this.#bytes.length < length) return;
    if (this.#question.every((byte, at) => this.#bytes[at] === byte)) this.#bytes.splice(0, length);
    this.#question = new Uint8Array();
  }
}

function findStatus(dialect: Dialect, bytes: readonly number[]): { readonly status: Status } | null {
  const length = statusBytesOf(dialect);
  for (let at = 0; at + length <= bytes.length; at += 1) {
    const status = decodeStatus(dialect, Uint8Array.from(bytes.slice(at, at + length)));
    if (status.ok) return { status: status.value };
  }
  return null;
}

const hex = (bytes: readonly number[]): string =>
  bytes
    .slice(0, 16)
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
