import mqtt, { type MqttClient } from 'mqtt';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';

/** A connection to a broker that is built anew for ever. */
export interface MqttConnection {
  /** Sends at QoS 1 if connected, else drops: whoever needs certainty resends until the other end answers. */
  publish(topic: string, payload: string | Uint8Array, options?: { readonly retain?: boolean }): void;
  /** Asks the broker for all it retains once more. */
  hearAgain(): void;
  /** Says `farewell`, if connected, and disconnects; resolves within `limits.stopMs`. */
  close(farewell?: { readonly topic: string; readonly payload: string }): Promise<void>;
}

/** How a message came. */
export interface Heard {
  /** The broker had kept it from before. */
  readonly retained: boolean;
}

export interface MqttOptions {
  readonly url: string;
  readonly clientId: string;
  /** Filters to subscribe to at each connection; nothing relies on what a broker remembers. */
  readonly subscribe: readonly string[];
  /** Published, retained, by the broker when this end dies. */
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly log: Log;
  /** True once connected and subscribed. */
  onOnline(online: boolean): void;
  onMessage(topic: string, payload: Uint8Array, heard: Heard): void;
}

/**
 * Connects at once and reconnects for ever, with full jitter so that a street does not return all at once. Each try is a
 * new client: mqtt.js gives up for good when a broker refuses it, and its own interval neither grows nor spreads.
 */
export function connectMqtt(options: MqttOptions): MqttConnection {
  const connection = new Connection(options);
  connection.open();
  return connection;
}

class Connection implements MqttConnection {
  #client: MqttClient | null = null;
  #online = false;
  #closed = false;
  #tries = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(private readonly options: MqttOptions) {}

  open(): void {
    const { url, clientId, will, log } = this.options;
    const client = mqtt.connect(url, {
      clientId,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: limits.linkConnectMs,
      keepalive: limits.linkKeepaliveS,
      queueQoSZero: false,
      ...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
    });
    this.#client = client;
    client.on('connect', () => this.#subscribe(client));
    client.on('message', (topic, payload, { retain }) => this.#take(topic, payload, { retained: retain }));
    client.on('error', (error) => log.debug({ err: error.message }, 'broker connection failed'));
    client.once('close', () => this.#lost(client));
  }

  publish(
    topic: string,
    payload: string | Uint8Array,
    { retain = false }: { readonly retain?: boolean } = {},
  ): void {
    if (!this.#online) return;
    const bytes = typeof payload === 'string' ? payload : asBuffer(payload);
    this.#client?.publish(topic, bytes, { qos: 1, retain }, (error) => {
      if (error) this.options.log.debug({ err: error.message, topic }, 'not confirmed by the broker');
    });
  }

  hearAgain(): void {
    if (!this.#online) return;
    this.#client?.subscribe([...this.options.subscribe], { qos: 1 }, (error) => {
      if (error) this.options.log.debug({ err: error.message }, 'not subscribed once more');
    });
  }

  async close(farewell?: { readonly topic: string; readonly payload: string }): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    if (!client) return;
    const deadline = AbortSignal.timeout(limits.linkFarewellMs);
    if (farewell && this.#online) {
      const said = client.publishAsync(farewell.topic, farewell.payload, { qos: 1, retain: true });
      await Promise.race([said, aborted(deadline)]).catch((error: unknown) =>
        this.options.log.debug({ err: String(error) }, 'the broker did not hear the farewell'),
      );
    }
    // Not end(false): that waits for ever while a QoS 1 message is pending (mqttjs/MQTT.js#710).
    await client.endAsync(true);
  }

  #subscribe(client: MqttClient): void {
    client.subscribe([...this.options.subscribe], { qos: 1 }, (error) => {
      if (client !== this.#client || this.#closed) return;
      if (error) {
        client.end(true);
        return;
      }
      this.#tries = 0;
      this.#online = true;
      this.options.onOnline(true);
    });
  }

  #take(topic: string, payload: Buffer, heard: Heard): void {
    if (payload.length <= limits.linkMessageBytes) this.options.onMessage(topic, payload, heard);
    else
      this.options.log.warn({ code: 'link.bad-message', topic, bytes: payload.length }, 'message too long');
  }

  #lost(client: MqttClient): void {
    client.end(true);
    if (client !== this.#client) return;
    this.#client = null;
    const wasOnline = this.#online;
    this.#online = false;
    if (this.#closed) return;
    if (wasOnline) this.options.log.warn({ code: 'link.down' }, 'the broker is gone');
    const longest = Math.min(limits.linkReconnectMaxMs, limits.linkReconnectFirstMs * 2 ** this.#tries);
    this.#tries += 1;
    this.#retry = setTimeout(() => this.open(), Math.random() * longest);
    if (wasOnline) this.options.onOnline(false);
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
