import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadOrMakeKioskKey, loadOrMakeSigningKey } from '../../../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.js';
import { createRandom, type Random } from '../../support/random.js';
import { type BrokerMood, startTorturedBroker, type TorturedBroker } from './broker.js';
import { Cards, Disks } from './copies.js';
import { type Mischief, startMischief } from './fault-plan.js';
import { type KioskSays, kioskNo } from './names.js';
import { Life } from './process.js';

/** One kiosk of the street, with its own way to the broker. */
export interface TorturedKiosk {
  readonly name: string;
  readonly witness: string;
  readonly life: Life;
  readonly way: FaultProxy;
  /** Old copies of its data; the first kiosk never gets one, so that it has no excuses. */
  readonly cards: Cards;
}

/** A broker, a catalogue and some kiosks, all of them real, each with a way that can be made worse. */
export class TorturedStreet {
  readonly kiosks: TorturedKiosk[] = [];
  readonly disks: Disks;
  #isQuiet = false;

  private constructor(
    folder: string,
    readonly random: Random,
    readonly broker: TorturedBroker,
    readonly catalogue: Life,
    readonly catalogueWay: FaultProxy,
    readonly mischief: Mischief,
  ) {
    this.disks = new Disks(catalogueIn(folder), this.kiosks);
  }

  /** Starts it all. Whose key is whose is settled here. */
  static async open(folder: string, kiosks: number, seed: number): Promise<TorturedStreet> {
    const random = createRandom(seed, 'street');
    const broker = await startTorturedBroker(folder);
    const { port } = broker;
    const chance = () => random.next();
    const catalogueWay = await startFaultProxy(port, chance);
    const root = loadOrMakeSigningKey(`${catalogueIn(folder)}.key`);
    const keyFile = join(folder, 'catalogue.pem');
    writeFileSync(keyFile, verifyingKeyPem(verifyingKeyOf(root)));
    const enrolled: string[] = [];
    const catalogue: Life = new Life('catalogue', () => [
      catalogueIn(folder),
      `mqtt://127.0.0.1:${catalogueWay.port}`,
      String(seed + catalogue.starts),
      ...enrolled,
    ]);
    const mischief = startMischief(broker.url, createRandom(seed, 'mischief'));
    const street = new TorturedStreet(folder, random, broker, catalogue, catalogueWay, mischief);
    for (let n = 1; n <= kiosks; n += 1) {
      const name = kioskNo(n);
      const place = join(folder, name);
      mkdirSync(place, { mode: 0o700 });
      const publicKey = `${place}.pem`;
      writeFileSync(publicKey, verifyingKeyPem(verifyingKeyOf(loadOrMakeKioskKey(place))));
      enrolled.push(`${name}=${publicKey}`);
      const way = await startFaultProxy(port, chance);
      const life: Life = new Life('kiosk', () => [
        ...[name, place, `mqtt://127.0.0.1:${way.port}`, keyFile, String(seed + life.starts)],
        ...(street.#isQuiet ? ['quiet'] : []),
      ]);
      const cards = new Cards(name, place, catalogueIn(folder));
      street.kiosks.push({ name, witness: `${place}.witness`, life, way, cards });
    }
    street.#startAll();
    return street;
  }

  get ways(): FaultProxy[] {
    return [this.catalogueWay, ...this.kiosks.map(({ way }) => way)];
  }

  /** What the kiosks say of themselves; nothing of one that has not said anything yet. */
  says(): KioskSays[] {
    return this.kiosks.flatMap(({ life }) => (life.line === '' ? [] : [JSON.parse(life.line)]));
  }

  /** Whether all kiosks are there, and everything is acknowledged. */
  isDrained(): boolean {
    const says = this.says();
    return says.length === this.kiosks.length && says.every(({ unsent }) => unsent === 0);
  }

  async become(mood: BrokerMood): Promise<void> {
    await this.broker.restart(mood);
  }

  /** Everything is as it should be again, and nothing new happens once all have heard it. */
  async heal(): Promise<void> {
    this.#isQuiet = true;
    await this.mischief.stop();
    for (const way of this.ways) {
      way.setDelay(0);
      way.stall('both', false);
      way.trickle(false);
      way.open(true);
    }
    if (this.broker.mood === 'refusing') await this.become('keeping');
    this.broker.allow(true);
    this.#startAll();
  }

  /** Tells all who have just come up that nothing new is to happen. */
  hush(): void {
    for (const { life } of [{ life: this.catalogue }, ...this.kiosks]) life.signal('SIGUSR2');
  }

  #startAll(): void {
    this.catalogue.start();
    for (const { life } of this.kiosks) life.start();
  }

  async close(): Promise<void> {
    const lives = [this.catalogue, ...this.kiosks.map(({ life }) => life)];
    await Promise.all(lives.map((each) => each.end('SIGTERM')));
    await this.mischief.stop();
    for (const way of this.ways) await way.close();
    await this.broker.close();
  }
}

/** Where the catalogue's file is. */
export const catalogueIn = (folder: string) => join(folder, 'catalogue.db');
