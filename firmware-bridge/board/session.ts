import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';
import type { Wait } from '../../src/kernel/wait.js';
import { encodeFrame, type Frame, type Message, type MessageKind, type MessageOf } from './wire.js';

type Receive = (frame: Frame) => void;

/** A welcome opens a session of another number than the one it was asked in. */
const ANY_SESSION: readonly MessageKind[] = ['welcome'];
/** These tell of things beside the question; never its answer, whatever their sequence. */
const NEVER_ANSWERS: readonly MessageKind[] = ['pulsed', 'items'];
/** Sequence 0 marks what the board sends unasked. */
const LAST_SEQUENCE = 255;
/** So many pulses the board remembers, to answer each again when it is repeated. */
const PULSES_REMEMBERED = 4;

/**
 * The host's half of one session with the board: numbers questions, pairs answers, drops frames of other sessions.
 * `send` puts a frame on the wire at once; `onFrame` gets every frame of the session, answers too.
 */
export class Session {
  #number = 0;
  #sequence = 0;
  /** The sequences of the last pulses, oldest first. */
  #pulseSequences: readonly number[] = [];
  /** Whoever waits for the answer to the question of that sequence. */
  readonly #waiting = new Map<number, Receive>();

  constructor(
    private readonly send: (frame: Uint8Array) => void,
    private readonly onFrame: Receive,
    private readonly wait: Wait,
  ) {}

  /** From here on frames carry session `number`, and only those that do are heard. */
  begin(number: number): void {
    this.#number = number;
  }

  /** Asks, at once; `onAnswer` gets the answer if it ever comes. Returns the sequence, for `repeat` and `forget`. */
  ask(message: Message, onAnswer?: Receive): number {
    this.#sequence = this.#nextSequence(message.kind);
    if (onAnswer) this.#waiting.set(this.#sequence, onAnswer);
    else this.#waiting.delete(this.#sequence);
    this.repeat(message, this.#sequence);
    return this.#sequence;
  }

  /** Sends a question again under its sequence; the board executes a repeated pulse once. */
  repeat(message: Message, sequence: number): void {
    const session = message.kind === 'hello' ? 0 : this.#number;
    this.send(encodeFrame({ session, sequence, message }));
  }

  /** Waits no longer for the answer to that question. */
  forget(sequence: number): void {
    this.#waiting.delete(sequence);
  }

  /** Asks and waits for an answer of `kind`; rejects with `board.lost` when none comes in time. */
  answerTo<Kind extends MessageKind>(
    message: Message,
    kind: Kind,
    waitMs: number = limits.boardAnswerMs,
  ): Promise<{ readonly session: number; readonly answer: MessageOf<Kind> }> {
    return new Promise((resolve, reject) => {
      const sequence = this.ask(message, ({ session, message: answer }) => {
        cancel();
        if (isOf(answer, kind)) resolve({ session, answer });
        else reject(new Fault('board.lost', `a ${message.kind} was answered with a ${answer.kind}`));
      });
      const cancel = this.wait(waitMs, () => {
        this.forget(sequence);
        reject(new Fault('board.lost', `no ${kind} to a ${message.kind} within ${waitMs} ms`));
      });
    });
  }

  /** Takes one valid frame from the board. */
  receive(frame: Frame): void {
    const { session, sequence, message } = frame;
    if (session !== this.#number && !ANY_SESSION.includes(message.kind)) return;
    this.onFrame(frame);
    if (NEVER_ANSWERS.includes(message.kind)) return;
    const answer = this.#waiting.get(sequence);
    this.#waiting.delete(sequence);
    answer?.(frame);
  }

  /** The board takes a pulse with the sequence of one of its last pulses for a repetition, so a new one must differ. */
  #nextSequence(kind: MessageKind): number {
    let next = after(this.#sequence);
    if (kind !== 'pulse') return next;
    while (this.#pulseSequences.includes(next)) next = after(next);
    this.#pulseSequences = [...this.#pulseSequences, next].slice(-PULSES_REMEMBERED);
    return next;
  }
}

/** Pulses until the engine has compiled the path (some 5 ms on a PC). */
const warmUpPulses = 300;

/**
 * Encodes pulses that go nowhere, so that the first resident does not wait for the code of a pulse. To be called after the
 * handshake, whose messages leave the engine with code compiled for others.
 */
export function warmUpPulse(): void {
  const nowhere = () => undefined;
  const session = new Session(nowhere, nowhere, () => nowhere);
  session.begin(0x0001_0001);
  for (let tag = 0; tag < warmUpPulses; tag += 1) {
    session.ask({ kind: 'pulse', locker: 1, pulseMs: 1, tag }, nowhere);
  }
}

const after = (sequence: number): number => (sequence % LAST_SEQUENCE) + 1;

function isOf<Kind extends MessageKind>(message: Message, kind: Kind): message is Message & MessageOf<Kind> {
  return message.kind === kind;
}
