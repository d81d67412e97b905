import { limits } from '../../src/kernel/limits.js';
import { decodeFrame, isOurCommand } from './wire.js';

/** What a chunk of bytes turned out to be: whole messages that are safe to handle, and how much was thrown away. */
export interface Filtered {
  readonly messages: readonly Uint8Array[];
  readonly discardedBytes: number;
}

const START_SYSEX = 0xf0;
const END_SYSEX = 0xf7;
const REPORT_VERSION = 0xf9;
const ANALOG = 0xe0;
const DIGITAL = 0x90;
const CAPABILITY = 0x6c;
const ANALOG_MAPPING = 0x6a;
const PIN_STATE = 0x6e;
const FIRMWARE = 0x79;
const STRING = 0x71;

const SHORT_MESSAGE_BYTES = 3;
const PINS_MAX = 128;
/** The only Firmata there is; a version with another number is noise that happens to begin with F9. */
const FIRMATA_MAJOR = 2;

/**
 * Stands between the port and firmata-io, which trusts every byte: three bytes of noise make it throw, an unfinished
 * sysex makes it hoard, and any noise makes it report pins (firmata/firmata.js#119, #120).
 *
 * Lets through whole, well-formed messages of the kinds firmata-io can be given at that moment, and our own frames with
 * a valid CRC. Does no I/O, never throws, and holds at most one unfinished message.
 */
export class FirmataFilter {
  readonly #partial = new Uint8Array(limits.firmataSysexBytes);
  #length = 0;
  #versionSeen = false;
  /** Pins the board described; unknown before its capability answer. */
  #pinCount: number | undefined;
  #mappingSeen = false;

  /** Takes the next bytes from the port; message borders need not be chunk borders. */
  push(chunk: Uint8Array): Filtered {
    const messages: Uint8Array[] = [];
    let discardedBytes = 0;
    for (const byte of chunk) {
      discardedBytes += this.#abandonUnlessContinuedBy(byte);
      if (this.#length === 0 && !startsMessage(byte)) {
        discardedBytes += 1;
        continue;
      }
      this.#partial[this.#length] = byte;
      this.#length += 1;
      if (!this.#isComplete(byte)) continue;
      const message = this.#partial.slice(0, this.#length);
      this.#length = 0;
      if (this.#accepts(message)) messages.push(message);
      else discardedBytes += message.length;
    }
    return { messages, discardedBytes };
  }

  /** Gives up the unfinished message when `byte` cannot belong to it; returns how many bytes that were. */
  #abandonUnlessContinuedBy(byte: number): number {
    if (this.#length === 0) return 0;
    const inSysex = this.#partial[0] === START_SYSEX;
    const belongs = byte <= 0x7f || (inSysex && byte === END_SYSEX);
    const room = inSysex ? this.#sysexLimit() : SHORT_MESSAGE_BYTES;
    if (belongs && this.#length < room) return 0;
    const abandoned = this.#length;
    this.#length = 0;
    return abandoned;
  }

  #sysexLimit(): number {
    const ours = this.#length > 1 && isOurCommand(this.#partial[1] ?? 0);
    return ours ? limits.boardFrameBytes : limits.firmataSysexBytes;
  }

  #isComplete(last: number): boolean {
    return this.#partial[0] === START_SYSEX ? last === END_SYSEX : this.#length === SHORT_MESSAGE_BYTES;
  }

  #accepts(message: Uint8Array): boolean {
    const [first = 0, second = 0] = message;
    if (first === REPORT_VERSION) {
      this.#versionSeen ||= second === FIRMATA_MAJOR;
      return second === FIRMATA_MAJOR;
    }
    if (first !== START_SYSEX) return true;
    if (isOurCommand(second)) return decodeFrame(message).ok;
    // firmata-io skips these before the version, but would then be asked about pins it does not know.
    return this.#versionSeen && this.#acceptsFirmata(second, message.subarray(2, -1));
  }

  #acceptsFirmata(command: number, body: Uint8Array): boolean {
    switch (command) {
      case FIRMWARE:
        return body.length >= 2 && body.length % 2 === 0;
      case STRING:
        return true;
      case CAPABILITY:
        return this.#acceptsCapabilities(body);
      case ANALOG_MAPPING:
        // A second answer would be added to the first.
        if (this.#mappingSeen || body.length !== this.#pinCount) return false;
        this.#mappingSeen = true;
        return true;
      case PIN_STATE:
        return body.length >= 3 && (body[0] ?? PINS_MAX) < (this.#pinCount ?? 0);
      default:
        return false;
    }
  }

  #acceptsCapabilities(body: Uint8Array): boolean {
    const count = countPins(body);
    if (this.#pinCount !== undefined || count === undefined) return false;
    this.#pinCount = count;
    return true;
  }
}

function startsMessage(byte: number): boolean {
  const family = byte & 0xf0;
  return byte === START_SYSEX || byte === REPORT_VERSION || family === DIGITAL || family === ANALOG;
}

/** Pins in a capability answer (per pin: pairs of mode and resolution, then 7F); undefined when malformed. */
function countPins(body: Uint8Array): number | undefined {
  let pins = 0;
  let at = 0;
  for (; at < body.length; at += body[at] === 0x7f ? 1 : 2) {
    if (body[at] === 0x7f) pins += 1;
  }
  const whole = at === body.length && body[body.length - 1] === 0x7f;
  return whole && pins > 0 && pins <= PINS_MAX ? pins : undefined;
}
