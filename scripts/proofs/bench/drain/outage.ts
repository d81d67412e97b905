import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lockerNo } from '../../../../src/kernel/ids.js';
import { packageRoot } from '../../../../src/kernel/package-root.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import {
  generateSigningKey,
  loadSigningKey,
  type SigningKey,
  verifyingKeyOf,
  verifyingKeyPem,
} from '../../../../src/passes/keys.js';
import { startFaultProxy } from '../../support/fault-proxy.js';
import { startMosquitto } from '../../support/mosquitto.js';
import { type Program, startProgram } from '../../support/program.js';
import { createRandom, type Random } from '../../support/random.js';
import { givePast, openAt, stepsPerLoan } from '../journal-past.js';
import { startKioskHarness } from '../kiosk-harness.js';
import { drainBridge, type Received, startReceiver } from './receiver.js';

type Say = (text: string) => void;

/** How much is measured. */
export interface DrainPlan {
  readonly rounds: number;
  /** Queued events, and the tenth part of them for the memory. */
  readonly events: number;
  /** Queued events while residents scan. */
  readonly eventsWhileScanning: number;
  readonly scans: number;
  readonly kills: number;
}

/** What scans took. */
export interface ScanFigures {
  /** From scan to unlock, µs, with a backlog going out, and without. */
  readonly busy: number[];
  readonly idle: number[];
  readonly peakMb: number;
}

/** An outage that is over, again and again, in a folder of its own. */
export class Outage {
  readonly #key = generateSigningKey();
  readonly #random: Random = createRandom(1, 'drain');
  #runs = 0;

  constructor(
    private readonly folder: string,
    private readonly plan: DrainPlan,
  ) {}

  /** Everything goes to a receiver that counts; over a way that takes `delayMs` in each direction. */
  async receive(events: number, delayMs: number): Promise<{ received: Received; peakMb: number }> {
    const { place, kiosk, broker, way, close } = await this.#stage(events, delayMs);
    const receiver = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk));
    const program = start('kiosk', place, way, join(place, 'catalogue.pem'));
    await program.says('drained');
    const peakMb = peakMbOf(program.pid);
    await program.end('SIGTERM');
    await receiver.close();
    await close();
    return { received: receiver.received, peakMb };
  }

  /** Everything goes to the real catalogue; events per second, stored durably and acknowledged. */
  async store(delayMs: number): Promise<number> {
    const { events } = this.plan;
    const { place, kiosk, broker, way, close } = await this.#stage(events, delayMs);
    const file = join(place, 'catalogue.db');
    writeFileSync(join(place, 'kiosk.pem'), verifyingKeyPem(verifyingKeyOf(kiosk)));
    const catalogue = start('catalogue', file, broker, join(place, 'kiosk.pem'));
    await catalogue.says('ready');
    const root = verifyingKeyPem(verifyingKeyOf(signingKeyIn(`${file}.key`)));
    writeFileSync(join(place, 'catalogue.pem'), root);
    const looker = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk), false);
    const program = start('kiosk', place, way, join(place, 'catalogue.pem'));
    await program.says('drained');
    const doneMs = performance.now();
    await program.end('SIGTERM');
    await catalogue.end('SIGTERM');
    await looker.close();
    await close();
    return events / ((doneMs - looker.received.firstMs) / 1_000);
  }

  bridge(queue: 'default' | 'endless', killed: boolean): Promise<Received> {
    const place = this.#place(this.plan.events);
    const journal = openAt(join(place, 'journal.db'));
    const events = journal.read(1, this.plan.events).map((event) => JSON.stringify(event));
    journal.close();
    return drainBridge(join(place, 'bridge'), events, queue, killed);
  }

  /** The kiosk is killed again and again while it sends, and while there is no broker. */
  async kill(say: Say): Promise<{ different: number; mostRepeated: number }> {
    const { place, kiosk, broker, way, close } = await this.#stage(this.plan.events, 1);
    const begin = (to: string) => start('kiosk', place, to, join(place, 'catalogue.pem'));
    for (let n = 0; n < 2; n += 1) {
      const early = begin('mqtt://127.0.0.1:9');
      await pause(this.#random.between(100, 400));
      await early.end('SIGKILL');
    }
    const receiver = await startReceiver(broker, this.#key, verifyingKeyOf(kiosk));
    let mostRepeated = 0;
    let before = 0;
    const repeats = () => {
      mostRepeated = Math.max(mostRepeated, receiver.received.repeated - before);
      before = receiver.received.repeated;
    };
    for (let n = 0; n < this.plan.kills - 2; n += 1) {
      const had = receiver.received.different;
      const program = begin(way);
      const enough = had + this.plan.events * (0.03 + this.#random.between(0, 100) / 1_000);
      while (receiver.received.different < Math.min(enough, this.plan.events)) await pause(1);
      await program.end('SIGKILL');
      await pause(50);
      repeats();
      say(`killed after ${receiver.received.different} events`);
    }
    const last = begin(way);
    await last.says('drained');
    await pause(100);
    repeats();
    await last.end('SIGTERM');
    await receiver.close();
    await close();
    return { different: receiver.received.different, mostRepeated };
  }

  /** A whole kiosk at which residents scan, with a backlog and without. */
  async scan(say: Say): Promise<ScanFigures> {
    const { eventsWhileScanning, scans } = this.plan;
    const place = this.#place(0);
    const data = join(place, 'data');
    mkdirSync(data, { mode: 0o700 });
    givePast(join(data, 'journal.db'), Math.ceil(eventsWhileScanning / stepsPerLoan));
    const kiosk = loadOrMakeKioskKey(data);
    const broker = await startMosquitto(place);
    const harness = await startKioskHarness(place, {
      brokerUrl: broker.url,
      key: this.#key,
      locker: lockerNo(1),
    });
    await harness.scan(2);
    const receiver = await startReceiver(broker.url, this.#key, verifyingKeyOf(kiosk));
    const isBusy = () => receiver.received.different < eventsWhileScanning;
    const busy: number[] = [];
    while (isBusy() && busy.length < scans) {
      const took = await harness.scan(2);
      if (isBusy()) busy.push(took);
    }
    say(`${busy.length} scans while ${eventsWhileScanning} events went out`);
    while (isBusy()) await pause(50);
    await pause(500);
    const idle: number[] = [];
    for (let n = 0; n < Math.max(1, busy.length); n += 1) idle.push(await harness.scan(2));
    const peakMb = peakMbOf(harness.pid);
    await harness.stop();
    await receiver.close();
    await broker.kill();
    return { busy, idle, peakMb };
  }

  /** A journal with a backlog, a broker, and the way to it. */
  async #stage(events: number, delayMs: number) {
    const place = this.#place(events);
    const kiosk = loadOrMakeKioskKey(place);
    writeFileSync(join(place, 'catalogue.pem'), verifyingKeyPem(verifyingKeyOf(this.#key)));
    const broker = await startMosquitto(place);
    const proxy = await startFaultProxy(Number(new URL(broker.url).port), () => 0);
    proxy.setDelay(delayMs);
    const close = async () => {
      await proxy.close();
      await broker.kill();
    };
    const way = delayMs === 0 ? broker.url : `mqtt://127.0.0.1:${proxy.port}`;
    return { place, kiosk, broker: broker.url, way, close };
  }

  /** An empty folder, with a journal of so many events in it, which is made once. */
  #place(events: number): string {
    const source = join(this.folder, `past-${events}.db`);
    if (this.#runs === 0) mkdirSync(this.folder, { recursive: true });
    this.#runs += 1;
    const place = join(this.folder, `run-${this.#runs}`);
    mkdirSync(place, { mode: 0o700 });
    if (events === 0) return place;
    if (!existsSync(source)) givePast(source, Math.ceil(events / stepsPerLoan));
    copyFileSync(source, join(place, 'journal.db'));
    return place;
  }
}

/** How a kiosk is started on a Pi, where memory is scarce. */
const unit = readFileSync(new URL('hardware/raspberry-pi/lening.service', packageRoot), 'utf8');
const flags = unit.match(/(?<=^ExecStart=.*)--\S+(?=.* dist\/)/gm) ?? [];
const settings = [...unit.matchAll(/^Environment=(\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]);
const env = { ...process.env, ...Object.fromEntries(settings) };

/** Starts `name` of this folder; the catalogue’s machine is no Pi. */
function start(name: 'kiosk' | 'catalogue', ...args: string[]): Program {
  return startProgram(new URL(`${name}.js`, import.meta.url), args, name === 'kiosk' ? { flags, env } : {});
}

/** What a process had in memory at most. */
function peakMbOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

const signingKeyIn = (file: string): SigningKey => loadSigningKey(readFileSync(file, 'utf8'));
