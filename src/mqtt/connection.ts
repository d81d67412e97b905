import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import { faultCatalogue } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { createPacketGuard } from './packet-guard.js';
import { readTlsFiles, type TlsFiles } from './tls-files.js';
import { isVersionRefusal, type Trouble, troubleOf, wordsOf } from './trouble.js';

/** A connection to a broker that is built anew for ever. */
export interface MqttConnection {
  /** Sends at QoS 1 if connected, else drops: whoever needs certainty resends until the other end answers. */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): void;
  /** Asks the broker for all it retains once more. */
  hearAgain(): void;
  /** Says `farewell`, if connected, and disconnects; resolves within `limits.stopMs`. */
  close(farewell?: { readonly topic: string; readonly payload: string }): Promise<void>;
}

/** How a message is sent. */
export interface PublishOptions {
  /** The broker keeps it for whoever comes later. */
  readonly retain?: boolean;
  /**
   * Usually 1. 0 is for what is repeated until the other end itself has answered: the broker’s confirmation would only
   * keep it in memory for longer, and double the packets.
   */
  readonly qos?: 0 | 1;
}

/** How a message came. */
export interface Heard {
  /** The broker had kept it from before. */
  readonly retained: boolean;
}

/** MQTT 3.1.1 (which calls itself 4 on the wire) or 5. */
export type MqttVersion = 4 | 5;

/** Where a broker is and how it is spoken to. */
export interface BrokerWay {
  /** `mqtt://` or `mqtts://`. */
  readonly url: string;
  /** For mqtts: the files are read at each try, so that renewed ones count without a restart. */
  readonly tls?: TlsFiles;
  /** Overrides the choice of MQTT 5 where the broker has it and 3.1.1 (4) where not; nothing here relies on 5. */
  readonly protocolVersion?: MqttVersion;
}

export interface MqttOptions extends BrokerWay {
  /**
   * The client id begins so. It ends in chance: whoever knows the id of another client can push it off the broker by
   * connecting under it.
   */
  readonly clientId: string;
  /** Filters to subscribe to at each connection; nothing relies on what a broker remembers. */
  readonly subscribe: readonly string[];
  /** Published, retained, by the broker when this end dies. */
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly log: Log;
  /** Overrides `limits.linkReconnectMaxMs`, for somebody of whom there is only one. */
  readonly reconnectMaxMs?: number;
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
  readonly #clientId: string;
  /** What last kept the connection from being there; each is said once, not at every try. */
  #trouble: Trouble | null = null;
  /** The version the broker is known to speak. */
  #version: MqttVersion | undefined;
  #saidNotAllowed = false;

  constructor(private readonly options: MqttOptions) {
    this.#clientId = `${options.clientId}-${randomBytes(8).toString('hex')}`;
    this.#version = options.protocolVersion;
  }

  open(): void {
    const protocolVersion = this.#version ?? (this.#tries % 2 === 0 ? 5 : 4);
    let client: MqttClient;
    try {
      client = this.#begin(protocolVersion);
    } catch (error) {
      this.#say(error);
      this.#tryAgain();
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
      this.options.log.warn({ code: 'link.bad-message' }, 'a packet that is too long was announced');
      client.end(true);
    });
    client.on('connect', () => this.#subscribe(client, protocolVersion, fail));
    client.on('message', (topic, payload, { retain }) => this.#take(topic, payload, { retained: retain }));
    client.on('error', fail);
    client.once('close', () => this.#lost(client, why));
  }

  /** Throws where the files or what is in them cannot be used. */
  #begin(protocolVersion: MqttVersion): MqttClient {
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
      if (error) this.#onUnconfirmed(topic, error);
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
    const deadline = AbortSignal.timeout(limits.linkCloseMs);
    if (farewell && this.#online) {
      const said = client.publishAsync(farewell.topic, farewell.payload, { qos: 1, retain: true });
      await Promise.race([said, aborted(deadline)]).catch((error: unknown) =>
        this.options.log.debug({ err: String(error) }, 'the broker did not hear the farewell'),
      );
    }
    // Not end(false): that waits for ever while a QoS 1 message is pending (mqttjs/MQTT.js#710).
    await client.endAsync(true);
  }

  /** Only MQTT 5 brokers say that they threw a message away, and each of them would be one line more. */
  #onUnconfirmed(topic: string, error: Error): void {
    const { log } = this.options;
    if (troubleOf(error) !== 'link.refused' || this.#saidNotAllowed) {
      log.debug({ err: error.message, topic }, 'not confirmed by the broker');
      return;
    }
    this.#saidNotAllowed = true;
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
      this.#tries = 0;
      this.#saidNotAllowed = false;
      if (this.#trouble) this.options.log.info({ after: this.#trouble }, 'the broker is there');
      this.#trouble = null;
      this.#online = true;
      this.options.onOnline(true);
    });
  }

  #take(topic: string, payload: Buffer, heard: Heard): void {
    if (payload.length <= limits.linkMessageBytes) this.options.onMessage(topic, payload, heard);
    else
      this.options.log.warn({ code: 'link.bad-message', topic, bytes: payload.length }, 'message too long');
  }

  #lost(client: MqttClient, why: unknown): void {
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
      this.#say(why);
      this.#tryAgain();
    }
    if (wasOnline) this.options.onOnline(false);
  }

  #say(why: unknown): void {
    const trouble = troubleOf(why);
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    // Not the whole address: a password may stand in it.
    const broker = new URL(this.options.url).host;
    this.options.log.warn({ code: trouble, err: wordsOf(why), broker }, faultCatalogue[trouble].meaning);
  }

  #tryAgain(): void {
    const { reconnectMaxMs = limits.linkReconnectMaxMs } = this.options;
    const longest = Math.min(reconnectMaxMs, limits.linkReconnectFirstMs * 2 ** this.#tries);
    this.#tries += 1;
    this.#retry = setTimeout(() => this.open(), Math.random() * longest);
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** The part of `options` that says where the broker is, to be handed on. */
export function wayOf({ url, tls, protocolVersion }: BrokerWay): BrokerWay {
  return { url, ...(tls && { tls }), ...(protocolVersion && { protocolVersion }) };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}
