import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadOrMakeKioskKey, loadOrMakeSigningKey } from '../../../../src/passes/key-file.js';
import { verifyingKeyOf, verifyingKeyPem } from '../../../../src/passes/keys.js';
import { type Mosquitto, startMosquitto } from '../../support/mosquitto.js';
import { givePast } from '../journal-past.js';
import type { FromCatalogue, FromKiosks, JournalDigests, ToCatalogue, ToKiosks } from './messages.js';

/** An answered order. */
export type Answered = Extract<FromCatalogue, { kind: 'answered' }>;

/** A broker, a catalogue and many kiosks, each a process or a part of one. */
export class FleetStreet {
  readonly online = new Set<string>();
  onAnswered: (answered: Answered) => void = () => undefined;
  readonly #programs: readonly ChildProcess[];

  private constructor(
    readonly broker: Mosquitto,
    private readonly catalogue: ChildProcess,
    private readonly kiosks: readonly ChildProcess[],
  ) {
    this.#programs = [...kiosks, catalogue];
    // Whoever waits for another of them is not to wait for ever.
    for (const program of this.#programs) program.once('exit', () => this.#kill());
    catalogue.on('message', (message: FromCatalogue) => {
      if (message.kind === 'answered') this.onAnswered(message);
    });
    for (const program of kiosks) {
      program.on('message', (message: FromKiosks) => {
        if (message.kind !== 'online') return;
        if (message.online) this.online.add(message.kiosk);
        else this.online.delete(message.kiosk);
      });
    }
  }

  /** Puts `size` kiosks into service, in a few processes; resolves when everything they have is stored. */
  static async start(folder: string, size: number, processes: number): Promise<FleetStreet> {
    const names = Array.from({ length: size }, (_, n) => `fleet-${n + 1}`);
    mkdirSync(folder, { recursive: true });
    givePast(join(folder, 'past.db'), 2);
    for (const name of names) {
      mkdirSync(join(folder, name), { mode: 0o700 });
      copyFileSync(join(folder, 'past.db'), join(folder, name, 'journal.db'));
      loadOrMakeKioskKey(join(folder, name));
    }
    const [file, keys] = [join(folder, 'catalogue.db'), join(folder, 'catalogue.pem')];
    writeFileSync(keys, verifyingKeyPem(verifyingKeyOf(loadOrMakeSigningKey(`${file}.key`))));
    const broker = await startMosquitto(folder);
    const catalogue = startProgram('catalogue', [file, broker.url, folder, ...names]);
    await said(catalogue, 'ready');
    const shares = Array.from({ length: processes }, (_, n) =>
      names.filter((_name, at) => at % processes === n),
    );
    const kiosks = shares.map((share) => startProgram('kiosks', [broker.url, keys, folder, ...share]));
    const street = new FleetStreet(broker, catalogue, kiosks);
    await Promise.all(kiosks.map((program) => said(program, 'synced')));
    return street;
  }

  /** Every kiosk writes the events of so many loans. */
  async live(loans: number): Promise<void> {
    const lived = Promise.all(this.kiosks.map((program) => said(program, 'lived')));
    for (const program of this.kiosks) program.send({ kind: 'live', loans } satisfies ToKiosks);
    await lived;
  }

  /** Resolves when the catalogue has acknowledged all that the kiosks wrote last. */
  async synced(): Promise<void> {
    await Promise.all(this.kiosks.map((program) => said(program, 'synced')));
  }

  order(kiosk: string, withheld: boolean): void {
    this.catalogue.send({ kind: 'order', kiosk, withheld } satisfies ToCatalogue);
  }

  /** What the kiosks have in their journals, and what the catalogue has of them. */
  async digests(): Promise<{ kiosks: JournalDigests; catalogue: JournalDigests }> {
    const answers = this.#programs.map(async (program) => {
      const answer = said(program, 'digests');
      program.send({ kind: 'report-digests' } satisfies ToCatalogue & ToKiosks);
      const message = await answer;
      return 'digests' in message ? message.digests : {};
    });
    const all = await Promise.all(answers);
    return { kiosks: Object.assign({}, ...all.slice(0, -1)), catalogue: all.at(-1) ?? {} };
  }

  async close(): Promise<void> {
    const ended = this.#programs.map(
      (program) => program.exitCode === null && program.signalCode === null && once(program, 'exit'),
    );
    this.#kill();
    await Promise.all(ended);
    await this.broker.kill();
  }

  #kill(): void {
    for (const program of this.#programs) program.kill('SIGKILL');
  }
}

function startProgram(name: 'catalogue' | 'kiosks', args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`${name}.js`, import.meta.url)), args);
}

/** The next message of this kind; rejects when the program ends before it. */
function said<Kind extends (FromKiosks | FromCatalogue)['kind']>(
  program: ChildProcess,
  kind: Kind,
): Promise<FromKiosks | FromCatalogue> {
  return new Promise((resolve, reject) => {
    const receive = (message: FromKiosks | FromCatalogue) => {
      if (message.kind !== kind) return;
      program.off('message', receive);
      program.off('exit', fail);
      resolve(message);
    };
    const fail = (code: number | null) => reject(new Error(`a process of the fleet ended with ${code}`));
    program.on('message', receive);
    program.once('exit', fail);
  });
}
