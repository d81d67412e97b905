import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepSigningKey, loadOrMakeKioskKey } from '../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../src/passes/keys.js';
import { freePort, type Mosquitto, runMosquitto } from '../../test/support/mosquitto.js';
import { type FaultProxy, startFaultProxy } from '../fault-proxy.js';
import { createRandom, type Random } from '../random.js';
import type { Rewind } from './judge.js';
import { type Mischief, startMischief } from './mischief.js';
import { kioskNo } from './names.js';
import { Life } from './process.js';

/** One kiosk of the street, with its own way to the broker. */
export interface TorturedKiosk {
  readonly name: string;
  readonly folder: string;
  readonly witness: string;
  readonly life: Life;
  readonly way: FaultProxy;
  readonly rewinds: Rewind[];
}

/** A broker, a catalogue and some kiosks, all of them real, each with a way that can be made worse. */
export class TorturedStreet {
  readonly kiosks: TorturedKiosk[] = [];
  readonly catalogueFile: string;

  private constructor(
    private readonly folder: string,
    readonly random: Random,
    readonly broker: Mosquitto,
    readonly catalogue: Life,
    readonly catalogueWay: FaultProxy,
    readonly mischief: Mischief,
  ) {
    this.catalogueFile = join(folder, 'catalogue.db');
  }

  /** Starts it all. */
  static async open(folder: string, kiosks: number, seed: number): Promise<TorturedStreet> {
    const random = createRandom(seed, 'street');
    const chance = () => random.between(0, 1_000) / 1_000;
    const port = await freePort();
    const configuration = join(folder, 'mosquitto.conf');
    writeFileSync(configuration, brokerText(folder, port, true));
    const broker = await runMosquitto(configuration, port, 'mqtt');
    const catalogueWay = await startFaultProxy(port, chance);
    const root = keepSigningKey(join(folder, 'catalogue.db.key'));
    const keyFile = join(folder, 'catalogue.pem');
    writeFileSync(keyFile, verifyingKeyPem(verifyingKeyOf(root)));
    const enrolled: string[] = [];
    const catalogue = new Life('catalogue', () => [
      join(folder, 'catalogue.db'),
      `mqtt://127.0.0.1:${catalogueWay.port}`,
      String(seed),
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
        name,
        place,
        `mqtt://127.0.0.1:${way.port}`,
        keyFile,
        String(seed + life.starts),
      ]);
      street.kiosks.push({ name, folder: place, witness: `${place}.witness`, life, way, rewinds: [] });
    }
    catalogue.start();
    for (const { life } of street.kiosks) life.start();
    return street;
  }

  /** The broker dies, and comes back with what it kept, with nothing, or refusing everybody. */
  async restartBroker(how: 'kept' | 'emptied' | 'refusing'): Promise<void> {
    await this.broker.kill();
    if (how === 'emptied') rmSync(join(this.folder, 'mosquitto.db'), { force: true });
    const port = Number(new URL(this.broker.url).port);
    writeFileSync(
      join(this.folder, 'mosquitto.conf'),
      `${brokerText(this.folder, port, how !== 'refusing')}\nuser root\n`,
    );
    await this.broker.start();
  }

  backUpCatalogue(): void {
    for (const part of ['', '-wal'])
      copyIfThere(this.catalogueFile + part, `${this.catalogueFile}${part}.copy`);
  }

  restoreCatalogue(): void {
    rmSync(`${this.catalogueFile}-shm`, { force: true });
    for (const part of ['', '-wal']) {
      rmSync(this.catalogueFile + part, { force: true });
      copyIfThere(`${this.catalogueFile}${part}.copy`, this.catalogueFile + part);
    }
  }

  /** Everything is as it should be. */
  heal(): void {
    for (const way of [this.catalogueWay, ...this.kiosks.map((each) => each.way)]) {
      way.setDelay(0);
      way.stall('both', false);
      way.trickle(false);
      way.open(true);
    }
    for (const { life } of this.kiosks) if (!life.isOn) life.start();
    if (!this.catalogue.isOn) this.catalogue.start();
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.catalogue, ...this.kiosks.map(({ life }) => life)].map((each) => each.end('SIGTERM')),
    );
    await this.mischief.close();
    for (const way of [this.catalogueWay, ...this.kiosks.map((each) => each.way)]) await way.close();
    await this.broker.kill();
  }
}

/** Copies a file that may not be there. */
export function copyIfThere(from: string, to: string): void {
  rmSync(to, { force: true });
  if (existsSync(from)) copyFileSync(from, to);
}

function brokerText(folder: string, port: number, isOpen: boolean): string {
  return (
    `listener ${port} 127.0.0.1\nallow_anonymous ${isOpen}\npersistence true\n` +
    `persistence_location ${folder}/\nautosave_interval 5\n`
  );
}
