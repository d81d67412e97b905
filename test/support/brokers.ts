import type { Test } from 'tap';
import { type Mosquitto, startMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import { silentLog } from '../../src/kernel/log.js';
import type { BrokerAddress } from '../../src/mqtt/connection.js';
import { startEmbeddedBroker } from '../../src/mqtt/embedded-broker.js';
import { holdToContract } from './contract.js';
import { startStreetBroker } from './street-broker.js';

/** A broker that can be lost and come back on the same port; it has forgotten everything then. */
export interface TestBroker extends Pick<Mosquitto, 'url' | 'kill' | 'start'> {
  /** The way of somebody with this certificate, where the broker asks for one. */
  addressOf(label: string): BrokerAddress;
}

/** A kind of broker the link must work with. */
export interface BrokerKind {
  readonly name: string;
  /** Starts it with its files in `folder`; what the program sends over it must be as the contract has it, or `test` fails. */
  start(folder: string, test: Test): Promise<TestBroker>;
}

/** The embedded broker, which speaks MQTT 3.1.1. */
export const embedded: BrokerKind = {
  name: 'the embedded broker',
  async start(_folder, test) {
    const onMessage = holdToContract(test);
    let broker = await startEmbeddedBroker({ port: 0, log: silentLog, onMessage });
    const { url } = broker;
    return {
      url,
      addressOf: () => ({ url }),
      kill: () => broker.close(),
      async start() {
        broker = await startEmbeddedBroker({ port: Number(new URL(url).port), log: silentLog, onMessage });
      },
    };
  },
};

const mosquitto = (name: string, protocolVersion: 4 | 5): BrokerKind => ({
  name: `Mosquitto, ${name}`,
  async start(folder) {
    const { url, kill, start } = await startMosquitto(folder);
    return { url, addressOf: () => ({ url, protocolVersion }), kill, start };
  },
});

/** Mosquitto with the street's configuration: certificates and lists. */
export const street: BrokerKind = { name: 'the street’s Mosquitto', start: startStreetBroker };

/** Every kind that takes whoever comes. */
export const openBrokers: readonly BrokerKind[] = [
  embedded,
  mosquitto('MQTT 5', 5),
  mosquitto('MQTT 3.1.1', 4),
];
