import {
  decodeFrame,
  encodeFrame,
  type Frame,
  type Message,
  protocolVersion,
} from '../../../firmware-bridge/board/wire.js';
import { assert } from '../../../src/kernel/assert.js';

const START_SYSEX = 0xf0;
const END_SYSEX = 0xf7;
const REPORT_VERSION = 0xf9;
const REPORT_FIRMWARE = 0x79;
const CAPABILITY_QUERY = 0x6b;
const ANALOG_MAPPING_QUERY = 0x69;
/** Firmata's messages that are not sysex have this many bytes, by the high half of the first. */
const lengths: Readonly<Record<number, number>> = { 144: 3, 192: 2, 208: 2, 224: 3 };
const SET_PIN_MODE = 0xf4;

const pins = 70;
const lockers = 24;
const bootId = 0x1234;
const firmwareReport = [
  REPORT_FIRMWARE,
  1,
  0,
  ...[...'lening'].flatMap((letter) => [letter.charCodeAt(0), 0]),
];
/** Each pin: input, output, input with pull-up, one bit each. */
const capabilities = Array.from({ length: pins }, () => [0x00, 1, 0x01, 1, 0x0b, 1, 0x7f]).flat();
const noAnalogPins = Array.from({ length: pins }, () => 0x7f);

/**
 * A locker board made of bytes alone (../../firmware-bridge/README.md): it answers at once, so that what is measured is
 * the kiosk. It does not time its pulses: the end of one is reported when the door opens.
 */
export class WireBoard {
  /** Called with each PULSE's locker, and with `atMs` as it was given to `receive` with the frame's first byte. */
  onPulse: (locker: number, atMs: number) => void = () => undefined;
  readonly #send: (bytes: Uint8Array) => void;
  #pending: number[] = [];
  #pendingSinceMs = 0;
  #session = 0;
  #settingsCrc = 0;
  #open = 0;
  #pulse = { tag: 0, locker: 0, pulseMs: 0, opened: 0 };

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
  }

  /** Takes bytes from the host, which arrived at `atMs`. */
  receive(bytes: Uint8Array, atMs: number): void {
    for (const byte of bytes) {
      if (this.#pending.length === 0) this.#pendingSinceMs = atMs;
      this.#pending.push(byte);
      if (!this.#isComplete()) continue;
      const message = this.#pending;
      this.#pending = [];
      this.#answer(message);
    }
  }

  openDoor(locker: number): void {
    const { pulseMs, locker: unlocked } = this.#pulse;
    assert(unlocked === locker, `door ${locker} was unlocked`);
    this.#open |= 1 << (locker - 1);
    this.#pulse.opened = 1;
    this.#say({ kind: 'pulsed', locker, measuredMs: pulseMs, ended: 0 });
    this.#sayDoors();
  }

  closeDoor(locker: number): void {
    this.#open &= ~(1 << (locker - 1));
    this.#sayDoors();
  }

  #isComplete(): boolean {
    const [first = 0] = this.#pending;
    if (first === START_SYSEX) return this.#pending.at(-1) === END_SYSEX;
    const length = first === SET_PIN_MODE ? 3 : (lengths[first & 0xf0] ?? 1);
    return this.#pending.length >= length;
  }

  #answer(message: readonly number[]): void {
    if (message[0] === REPORT_VERSION) this.#send(Uint8Array.of(REPORT_VERSION, 2, 5));
    if (message[0] !== START_SYSEX) return;
    const frame = decodeFrame(Uint8Array.from(message));
    if (frame.ok) this.#answerFrame(frame.value);
    else if (message[1] === REPORT_FIRMWARE) this.#sysex(firmwareReport);
    else if (message[1] === CAPABILITY_QUERY) this.#sysex([0x6c, ...capabilities]);
    else if (message[1] === ANALOG_MAPPING_QUERY) this.#sysex([0x6a, ...noAnalogPins]);
  }

  #answerFrame({ message, sequence }: Frame): void {
    switch (message.kind) {
      case 'hello':
        this.#session = message.hostNonce | 0x0001_0000;
        this.#say(welcome(message.hostNonce, this.#settingsCrc), sequence);
        return;
      case 'settings':
        this.#say({ kind: 'answer', command: 0x03, result: 0, detail: 0 }, sequence);
        return;
      case 'locker':
        this.#say({ kind: 'answer', command: 0x04, result: 0, detail: 0 }, sequence);
        return;
      case 'apply':
        this.#settingsCrc = message.settingsCrc;
        this.#say({ kind: 'answer', command: 0x05, result: 0, detail: 0 }, sequence);
        this.#sayDoors();
        return;
      case 'queryDoors':
        this.#sayDoors(sequence);
        return;
      case 'heartbeat':
        this.#say(status, sequence);
        return;
      case 'pulse': {
        const { tag, locker, pulseMs } = message;
        this.#pulse = { tag, locker, pulseMs, opened: 0 };
        this.#say({ kind: 'answer', command: 0x07, result: 0, detail: 0 }, sequence);
        this.onPulse(locker, this.#pendingSinceMs);
        return;
      }
      default:
    }
  }

  #sayDoors(sequence = 0): void {
    const { tag, locker, opened } = this.#pulse;
    const known = 2 ** lockers - 1;
    const open = this.#open >>> 0;
    const last = { lastTag: tag, lastLocker: locker, lastOpened: opened };
    this.#say({ kind: 'doors', known, open, chattering: 0, ...last }, sequence);
  }

  #say(message: Message, sequence = 0): void {
    this.#send(encodeFrame({ session: this.#session, sequence, message }));
  }

  #sysex(body: readonly number[]): void {
    this.#send(Uint8Array.of(START_SYSEX, ...body, END_SYSEX));
  }
}

const status: Message = {
  kind: 'status',
  bootId,
  uptimeS: 1,
  resetCause: 1,
  locksOn: 0,
  badFrames: 0,
  ignoredWrites: 0,
  guardTrips: 0,
  rxOverruns: 0,
  freeRam: 4_000,
  loopMaxUs: 500,
};

const welcome = (hostNonce: number, settingsCrc: number): Message => ({
  kind: 'welcome',
  protocol: protocolVersion,
  hostNonce,
  major: 2,
  minor: 0,
  bootId,
  resetCause: 1,
  lockersMax: 32,
  settingsCrc,
});
