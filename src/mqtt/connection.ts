import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { faultCatalogue } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import {
  type ConnectionErrorCode,
  connectionErrorCode,
  errorText,
  isVersionRefusal,
} from './connection-error.js';
import { createPacketGuard } from './packet-guard.js';
import { readTlsFiles, type TlsFiles } from './tls-files.js';

/** A connection to an MQTT broker that reconnects for ever. */
export interface MqttConnection {
  /** Publishes if connected, else drops: a caller that needs certainty resends until the receiver itself acknowledges. */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): void;
  /** Subscribes again, so that the broker sends all retained messages once more. */
  resubscribe(): void;
  /** Publishes `last` retained, if connected, and disconnects; resolves within `limits.stopMs`. */
  close(last?: { readonly topic: string; readonly payload: string }): Promise<void>;
}

/** Retain flag and QoS of a message. */
export interface PublishOptions {
  /** The broker keeps the message for later subscribers. */
  readonly retain?: boolean;
  /**
   * 1 by default. 0 is for messages that are repeated until the receiver itself acknowledges: the broker’s PUBACK would
   * only keep them in memory for longer, and double the packets.
   */
  readonly qos?: 0 | 1;
}

/** Flags of a received message. */
export interface MessageFlags {
  /** The message was retained by the broker before this subscription. */
  readonly retained: boolean;
}

/** MQTT 3.1.1 (which calls itself 4 on the wire) or 5. */
export type MqttVersion = 4 | 5;

/** The URL of a broker, and how to connect to it. */
export interface BrokerAddress {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  /** For mqtts: the files are read at each attempt, so that renewed certificates need no restart. */
  readonly tls?: TlsFiles;
  /** Overrides the choice of version: 5 where the broker has it, else 3.1.1 (4). Nothing here relies on 5. */
  readonly protocolVersion?: MqttVersion;
}

export interface MqttOptions extends BrokerAddress {
  /**
   * Prefix of the client id; a random suffix is added, as a client that knows the id of another can disconnect it by
   * connecting with the same one.
   */
  readonly clientId: string;
  /** Topic filters to subscribe to at each connection; nothing relies on stored sessions. */
  readonly subscribe: readonly string[];
  /** The last will, retained. */
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly log: Log;
  /** Overrides `limits.linkReconnectMaxMs`. */
  readonly reconnectMaxMs?: number;
  /** True once connected and subscribed. */
  onOnline(online: boolean): void;
  onMessage(topic: string, payload: Uint8Array, flags: MessageFlags): void;
}

/**
 * Connects at once and reconnects for ever, with exponential back-off and full jitter, so that the kiosks of a street do not
 * all reconnect at once. Each attempt is a new client: mqtt.js stops reconnecting when a broker refuses it, and its own
 * interval has neither back-off nor jitter.
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
  #attempts = 0;
  #retry: NodeJS.Timeout | undefined;
  readonly #clientId: string;
  /** The error that was logged last: each is logged once, not at every attempt. */
  #loggedError: ConnectionErrorCode | null = null;
  /** The version that the broker has accepted. */
  #version: MqttVersion | undefined;
  #isRefusalLogged = false;

  constructor(private readonly options: MqttOptions) {
    this.#clientId = `${options.clientId}-${randomBytes(8).toString('hex')}`;
    this.#version = options.protocolVersion;
  }

  open(): void {
    const protocolVersion = this.#version ?? (this.#attempts % 2 === 0 ? 5 : 4);
    let client: MqttClient;
    try {
      client = this.#createClient(protocolVersion);
    } catch (error) {
      this.#logError(error);
      this.#scheduleReconnect();
      return;
    }
    this.#client = client;
    let why: unknown;
    const fail = (error: Error) => {
      why ??= error;
      client.end(true);
    };
    const isWithinBounds = createPacketGuard(limits.linkPacketBytes);
    client.stream.on('data', (chunk: Buffer) => {
      if (isWithinBounds(chunk)) return;
      this.options.log.warn({ code: 'link.bad-message' }, 'connection closed: packet too long');
      client.end(true);
    });
    client.on('connect', () => this.#subscribe(client, protocolVersion, fail));
    client.on('message', (topic, payload, { retain }) =>
      this.#onMessage(topic, payload, { retained: retain }),
    );
    client.on('error', fail);
    client.once('close', () => this.#onClose(client, why));
  }

  /** Throws if the TLS files cannot be used. */
  #createClient(protocolVersion: MqttVersion): MqttClient {
    const { url, tls, will } = this.options;
    return mqtt.connect(url, {
      ...(tls && readTlsFiles(tls)),
      clientId: this.#clientId,
      protocolVersion,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: limits.linkConnectMs,
      keepalive: limits.linkKeepaliveS,
      queueQoSZero: false,
      ...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
    });
  }

  publish(
    topic: string,
    payload: string | Uint8Array,
    { retain = false, qos = 1 }: PublishOptions = {},
  ): void {
    if (!this.#online) return;
    const bytes = typeof payload === 'string' ? payload : asBuffer(payload);
    this.#client?.publish(topic, bytes, { qos, retain }, (error) => {
      if (error) this.#onPublishError(topic, error);
    });
  }

  resubscribe(): void {
    if (!this.#online) return;
    this.#client?.subscribe([...this.options.subscribe], { qos: 1 }, (error) => {
      if (error) this.options.log.debug({ err: error.message }, 'resubscribe failed');
    });
  }

  async close(last?: { readonly topic: string; readonly payload: string }): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    if (!client) return;
    const deadline = AbortSignal.timeout(limits.linkCloseMs);
    if (last && this.#online) {
      const published = client.publishAsync(last.topic, last.payload, { qos: 1, retain: true });
      await Promise.race([published, aborted(deadline)]).catch((error: unknown) =>
        this.options.log.debug({ err: String(error) }, 'last message not acknowledged'),
      );
    }
    // Not end(false): that waits for ever while a QoS 1 message is pending (mqttjs/MQTT.js#710).
    await client.endAsync(true);
  }

  /** Only MQTT 5 brokers report that a publish was refused; it is logged once per connection. */
  #onPublishError(topic: string, error: Error): void {
    const { log } = this.options;
    if (connectionErrorCode(error) !== 'link.refused' || this.#isRefusalLogged) {
      log.debug({ err: error.message, topic }, 'publish not acknowledged');
      return;
    }
    this.#isRefusalLogged = true;
    log.warn(
      { code: 'link.not-allowed', err: error.message, topic },
      faultCatalogue['link.not-allowed'].meaning,
    );
  }

  #subscribe(client: MqttClient, version: MqttVersion, fail: (error: Error) => void): void {
    this.#version = version;
    client.subscribe([...this.options.subscribe], { qos: 1 }, (error) => {
      if (client !== this.#client || this.#closed) return;
      if (error) {
        fail(error);
        return;
      }
      this.#attempts = 0;
      this.#isRefusalLogged = false;
      if (this.#loggedError) this.options.log.info({ after: this.#loggedError }, 'broker connected');
      this.#loggedError = null;
      this.#online = true;
      this.options.onOnline(true);
    });
  }

  #onMessage(topic: string, payload: Buffer, flags: MessageFlags): void {
    if (payload.length <= limits.linkMessageBytes) this.options.onMessage(topic, payload, flags);
    else
      this.options.log.warn(
        { code: 'link.bad-message', topic, bytes: payload.length },
        'message dropped: too long',
      );
  }

  #onClose(client: MqttClient, why: unknown): void {
    client.end(true);
    if (client !== this.#client) return;
    this.#client = null;
    const wasOnline = this.#online;
    this.#online = false;
    if (this.#closed) return;
    if (isVersionRefusal(why) && this.#version !== 4 && this.options.protocolVersion === undefined) {
      this.#version = 4;
      this.open();
    } else {
      this.#logError(why);
      this.#scheduleReconnect();
    }
    if (wasOnline) this.options.onOnline(false);
  }

  #logError(why: unknown): void {
    const code = connectionErrorCode(why);
    if (code === this.#loggedError) return;
    this.#loggedError = code;
    // Not the whole URL: it may contain a password.
    const broker = new URL(this.options.url).host;
    this.options.log.warn({ code, err: errorText(why), broker }, faultCatalogue[code].meaning);
  }

  #scheduleReconnect(): void {
    const { reconnectMaxMs = limits.linkReconnectMaxMs } = this.options;
    const longest = Math.min(reconnectMaxMs, limits.linkReconnectFirstMs * 2 ** this.#attempts);
    this.#attempts += 1;
    this.#retry = setTimeout(() => this.open(), Math.random() * longest);
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Copies the broker's address out of wider options. */
export function brokerAddress({ url, tls, protocolVersion }: BrokerAddress): BrokerAddress {
  return { url, ...(tls && { tls }), ...(protocolVersion && { protocolVersion }) };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
