const START_SYSEX = 0xf0;
const END_SYSEX = 0xf7;
const REPORT_VERSION = 0xf9;
const FIRMWARE = 0x79;
const CAPABILITIES = 0x6b;
const ANALOG_MAPPING = 0x69;
const pins = 70;
const ofEachPin = (...bytes: number[]) => Array.from({ length: pins }, () => bytes).flat();
/** Bytes of a message by its first byte; sysex ends by itself. */
const lengths: Readonly<Record<number, number>> = { 144: 3, 192: 2, 208: 2, 224: 3, 244: 3, 245: 3 };
const name = [...'StandardFirmata.ino'].flatMap((letter) => [letter.charCodeAt(0), 0]);

/**
 * An Arduino Mega with StandardFirmata as it comes with the Arduino IDE, byte for byte: it greets and answers
 * questions. Everything else it is sent may move its pins, and is kept as it came.
 */
export class StandardFirmata {
  /** Each message it was sent, in hex. */
  readonly messages: string[] = [];
  #message: number[] = [];

  /** `say` puts bytes on its line. */
  constructor(private readonly say: (bytes: Uint8Array) => void) {}

  /** As it does when its boot loader is over. */
  greet(): void {
    this.#say(REPORT_VERSION, 2, 5);
    this.#sayFirmware();
  }

  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.#take(byte);
  }

  #take(byte: number): void {
    this.#message.push(byte);
    const [first = 0] = this.#message;
    const wanted = lengths[first < START_SYSEX ? first & 0xf0 : first] ?? 1;
    if (first === START_SYSEX ? byte !== END_SYSEX : this.#message.length < wanted) return;
    const message = this.#message;
    this.#message = [];
    this.messages.push(Buffer.from(message).toString('hex'));
    this.#answer(message);
  }

  #answer([first, second]: readonly number[]): void {
    if (first === REPORT_VERSION) this.#say(REPORT_VERSION, 2, 5);
    if (first !== START_SYSEX) return;
    if (second === FIRMWARE) this.#sayFirmware();
    if (second === CAPABILITIES) this.#say(START_SYSEX, 0x6c, ...ofEachPin(0, 1, 1, 1, 0x7f), END_SYSEX);
    if (second === ANALOG_MAPPING) this.#say(START_SYSEX, 0x6a, ...ofEachPin(0x7f), END_SYSEX);
  }

  #sayFirmware(): void {
    this.#say(START_SYSEX, FIRMWARE, 2, 5, ...name, END_SYSEX);
  }

  #say(...bytes: number[]): void {
    this.say(Uint8Array.from(bytes));
  }
}
