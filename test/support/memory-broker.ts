import type { Wait } from '../../src/kernel/wait.js';
import type { connectMqtt, MqttOptions } from '../../src/mqtt/connection.js';
import type { PassingMessage } from '../../src/mqtt/embedded-broker.js';

interface Client {
  readonly options: MqttOptions;
  isOnline: boolean;
}

/**
 * A broker without sockets, for tests of what is said over MQTT: retained messages, last wills, and deliveries in later
 * turns of the test's time. It forgets everything when it is killed.
 */
export class MemoryBroker {
  readonly #clients = new Set<Client>();
  readonly #retained = new Map<string, Uint8Array>();
  #isUp = true;

  constructor(
    private readonly wait: Wait,
    private readonly onMessage: (message: PassingMessage) => void = () => undefined,
  ) {}

  /** Stands in for `connectMqtt`. */
  readonly connect: typeof connectMqtt = (options) => {
    const client: Client = { options, isOnline: false };
    this.#clients.add(client);
    if (this.#isUp) this.#admit(client);
    return {
      publish: (topic, payload, { retain = false } = {}) => {
        if (client.isOnline) this.#publish(client, topic, Buffer.from(payload), retain);
      },
      resubscribe: () => this.#sendRetained(client),
      close: async (last) => {
        if (last && client.isOnline) this.#publish(client, last.topic, Buffer.from(last.payload), true);
        client.isOnline = false;
        this.#clients.delete(client);
      },
    };
  };

  kill(): void {
    this.#isUp = false;
    this.#retained.clear();
    for (const client of this.#clients) {
      if (client.isOnline) this.wait(0, () => client.options.onOnline(false));
      client.isOnline = false;
    }
  }

  start(): void {
    this.#isUp = true;
    for (const client of this.#clients) this.#admit(client);
  }

  #admit(client: Client): void {
    this.wait(0, () => {
      if (!this.#isUp || !this.#clients.has(client)) return;
      client.isOnline = true;
      this.#sendRetained(client);
      client.options.onOnline(true);
    });
  }

  #sendRetained(client: Client): void {
    for (const [topic, payload] of this.#retained) this.#deliver(client, topic, payload, true);
  }

  #publish({ options }: Client, topic: string, payload: Uint8Array, retained: boolean): void {
    this.onMessage({ clientId: options.clientId, topic, payload, retained });
    if (retained && payload.length > 0) this.#retained.set(topic, payload);
    else if (retained) this.#retained.delete(topic);
    for (const client of this.#clients) this.#deliver(client, topic, payload, false);
  }

  #deliver(client: Client, topic: string, payload: Uint8Array, retained: boolean): void {
    if (!client.options.subscribe.some((filter) => isMatch(filter, topic))) return;
    this.wait(0, () => client.isOnline && client.options.onMessage(topic, payload, { retained }));
  }
}

/** Whether a topic matches a filter with `+` or, at the end, `#`. */
function isMatch(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const parts = filter.split('/');
  if (parts.at(-1) === '#')
    return parts.slice(0, -1).every((part, at) => part === '+' || part === levels[at]);
  return parts.length === levels.length && parts.every((part, at) => part === '+' || part === levels[at]);
}
