import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOrMakeKioskKey, loadOrMakeSigningKey } from '../../../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.js';
import { createRandom, type Random } from '../../support/random.js';
import { CardBackups, CatalogueBackups } from './backups.js';
import { type BrokerMode, type BrokerUnderTest, startBrokerUnderTest } from './broker.js';
import { type MessageReplayer, startMessageReplayer } from './message-replayer.js';
import { type KioskStatus, kioskName } from './street-setup.js';
import { SupervisedProcess } from './supervised-process.js';

/** One kiosk of the street, with its own way to the broker. */
export interface KioskUnderTest {
  readonly name: string;
  readonly witness: string;
  readonly process: SupervisedProcess;
  readonly proxy: FaultProxy;
  /** Old copies of its data; the first kiosk never gets one, so that it has no excuses. */
  readonly cardBackups: CardBackups;
}

/** A broker, a catalogue and some kiosks, all of them real, each with a way that can be made worse. */
export class StreetUnderTest {
  readonly kiosks: KioskUnderTest[] = [];
  readonly catalogueBackups: CatalogueBackups;
  #isQuiet = false;

  private constructor(
    folder: string,
    readonly random: Random,
    readonly broker: BrokerUnderTest,
    readonly catalogue: SupervisedProcess,
    readonly catalogueProxy: FaultProxy,
    readonly replayer: MessageReplayer,
  ) {
    this.catalogueBackups = new CatalogueBackups(catalogueIn(folder), this.kiosks);
  }

  static async open(folder: string, kiosks: number, seed: number): Promise<StreetUnderTest> {
    const random = createRandom(seed, 'street');
    const broker = await startBrokerUnderTest(folder);
    const { port } = broker;
    const chance = () => random.next();
    const catalogueProxy = await startFaultProxy(port, chance);
    const root = loadOrMakeSigningKey(`${catalogueIn(folder)}.key`);
    const keyFile = join(folder, 'catalogue.pem');
    writeFileSync(keyFile, verifyingKeyPem(verifyingKeyOf(root)));
    const enrolled: string[] = [];
    const catalogue: SupervisedProcess = new SupervisedProcess('catalogue', () => [
      catalogueIn(folder),
      `mqtt://127.0.0.1:${catalogueProxy.port}`,
      String(seed + catalogue.starts),
      ...enrolled,
    ]);
    const replayer = startMessageReplayer(broker.url, createRandom(seed, 'replayer'));
    const street = new StreetUnderTest(folder, random, broker, catalogue, catalogueProxy, replayer);
    for (let n = 1; n <= kiosks; n += 1) {
      const name = kioskName(n);
      const dataFolder = join(folder, name);
      mkdirSync(dataFolder, { mode: 0o700 });
      const publicKey = `${dataFolder}.pem`;
      writeFileSync(publicKey, verifyingKeyPem(verifyingKeyOf(loadOrMakeKioskKey(dataFolder))));
      enrolled.push(`${name}=${publicKey}`);
      const proxy = await startFaultProxy(port, chance);
      const process: SupervisedProcess = new SupervisedProcess('kiosk', () => [
        ...[name, dataFolder, `mqtt://127.0.0.1:${proxy.port}`, keyFile, String(seed + process.starts)],
        ...(street.#isQuiet ? ['quiet'] : []),
      ]);
      const cardBackups = new CardBackups(name, dataFolder, catalogueIn(folder));
      street.kiosks.push({
        name,
        witness: `${dataFolder}.witness`,
        process,
        proxy,
        cardBackups,
      });
    }
    street.#startAll();
    return street;
  }

  get proxies(): FaultProxy[] {
    return [this.catalogueProxy, ...this.kiosks.map(({ proxy }) => proxy)];
  }

  /** The last status of each kiosk that has printed one. */
  statuses(): KioskStatus[] {
    return this.kiosks.flatMap(({ process }) =>
      process.lastLine === '' ? [] : [JSON.parse(process.lastLine)],
    );
  }

  /** Whether all kiosks are there, and everything is acknowledged. */
  isDrained(): boolean {
    const statuses = this.statuses();
    return statuses.length === this.kiosks.length && statuses.every(({ unsent }) => unsent === 0);
  }

  async restartBroker(mode: BrokerMode): Promise<void> {
    await this.broker.restart(mode);
  }

  /** Ends all faults and stops new visits and orders. */
  async removeFaults(): Promise<void> {
    this.#isQuiet = true;
    await this.replayer.stop();
    for (const proxy of this.proxies) {
      proxy.setDelay(0);
      proxy.stall('both', false);
      proxy.trickle(false);
      proxy.open(true);
    }
    if (this.broker.mode === 'refusing') await this.restartBroker('keeping');
    this.broker.allowWriting(true);
    this.#startAll();
  }

  /** Signals programs that have just started to make no new visits or orders. */
  stopActivity(): void {
    for (const { process } of [{ process: this.catalogue }, ...this.kiosks]) process.signal('SIGUSR2');
  }

  #startAll(): void {
    this.catalogue.start();
    for (const { process } of this.kiosks) process.start();
  }

  async close(): Promise<void> {
    const processes = [this.catalogue, ...this.kiosks.map(({ process }) => process)];
    await Promise.all(processes.map((each) => each.end('SIGTERM')));
    await this.replayer.stop();
    for (const proxy of this.proxies) await proxy.close();
    await this.broker.close();
  }
}

/** Where the catalogue's file is. */
export const catalogueIn = (folder: string) => join(folder, 'catalogue.db');
