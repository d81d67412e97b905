import type { VirtualTime } from '../../../src/kernel/virtual-time.js';
import type { MqttConnection, MqttOptions } from '../../../src/mqtt/connection.js';
import type { Random } from '../support/random.js';

/** What becomes of messages, as shares of them. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  /** Late by seconds to hours, so that later ones overtake them. */
  readonly late: number;
}

export const fair: Weather = { lost: 0, doubled: 0, late: 0 };
export const rough: Weather = { lost: 0.2, doubled: 0.2, late: 0.2 };

/** How long a line may be gone before its end notices (keep-alive), and how long it takes to come up, in milliseconds. */
const noticeMs = 20_000;
const connectMs = 800;

/** The broker and the way to it: what is published arrives once, twice, late or never. */
export class Network {
  weather: Weather = fair;
  #isUp = true;
  #kiosk: MqttOptions | null = null;
  #isOnline = false;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
    /** What the catalogue answers to a message: a topic and a payload, or nothing. */
    private readonly answer: (
      topic: string,
      payload: string,
    ) => readonly [topic: string, payload: string] | null,
  ) {}

  get isUp(): boolean {
    return this.#isUp;
  }

  /** The kiosk's way to the broker: takes the place of `connectMqtt`. */
  readonly connect = (options: MqttOptions): MqttConnection => {
    this.#kiosk = options;
    this.#isOnline = false;
    this.#comeOnline(options);
    return {
      publish: (topic, payload) => {
        if (!this.#isOnline || this.#kiosk !== options) return;
        this.#send(() => this.#arrive(topic, Buffer.from(payload).toString('utf8')));
      },
      // Nothing is retained here.
      resubscribe: () => undefined,
      close: async () => this.forgetKiosk(),
    };
  };

  forgetKiosk(): void {
    this.#kiosk = null;
    this.#isOnline = false;
  }

  /** The line breaks; what is under way is lost with it, and it takes a while until the kiosk notices. */
  cut(): void {
    this.#isUp = false;
    const options = this.#kiosk;
    this.time.wait(noticeMs, () => {
      if (this.#isUp || this.#kiosk !== options || !this.#isOnline) return;
      this.#isOnline = false;
      options?.onOnline(false);
    });
  }

  repair(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    const options = this.#kiosk;
    // A broken connection stays broken: whoever had not noticed yet does now.
    if (this.#isOnline) {
      this.#isOnline = false;
      options?.onOnline(false);
    }
    if (options) this.#comeOnline(options);
  }

  heal(): void {
    this.weather = fair;
    this.repair();
  }

  publish(topic: string, payload: string): void {
    this.#send(() => {
      if (this.#isOnline) this.#kiosk?.onMessage(topic, Buffer.from(payload), { retained: false });
    });
  }

  #comeOnline(options: MqttOptions): void {
    this.time.wait(connectMs, () => {
      if (!this.#isUp || this.#kiosk !== options || this.#isOnline) return;
      this.#isOnline = true;
      options.onOnline(true);
    });
  }

  #arrive(topic: string, payload: string): void {
    const answer = this.answer(topic, payload);
    if (!answer) return;
    this.publish(...answer);
  }

  #send(deliver: () => void): void {
    const { random, weather } = this;
    if (random.chance(weather.lost)) return;
    const copies = random.chance(weather.doubled) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const lateMs = random.chance(weather.late)
        ? random.pick([2_000, 30_000, 3_600_000, 40 * 86_400_000])
        : 0;
      this.time.wait(random.between(20, 200) + lateMs, () => {
        // What is late has waited beyond the line.
        if (this.#isUp) deliver();
      });
    }
  }
}
