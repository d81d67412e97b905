import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { pins } from '../../firmware-bridge/emulator/atmega2560.js';
import { thisHost } from '../../firmware-bridge/port/index.js';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type HardwareBoard, LockWatch, type OutputLevel, switchOf, timerMask } from './hardware-board.js';
import { simavrProgram } from './simavr/program.js';

const firmware = fileURLToPath(new URL('firmware-bridge/firmware/lening.hex', packageRoot));

/** Pins as the program calls them: port and bit, such as A6. */
const pinNames: readonly string[] = pins.map(({ port, bit }) => `${port}${bit}`);

/** The firmware on simavr, in a process of its own, in real time and on a pseudo-terminal. */
export async function openSimavrBoard(test: Test, wiring: MegaBoard): Promise<HardwareBoard> {
  const board = new SimavrBoard(join(test.testdir({}), 'board'), wiring);
  await board.started;
  for (const { locker } of wiring.lockers) await board.door(locker, 'closed');
  return board;
}

class SimavrBoard implements HardwareBoard {
  readonly host = thisHost;
  readonly started: Promise<void>;
  readonly #program: ChildProcessByStdio<Writable, Readable, null>;
  readonly #watch: LockWatch;
  readonly #closed: Promise<unknown>;
  /** Each command is answered with one `done`, in their order; the first is for the start. */
  readonly #waiting: { readonly done: () => void; readonly failed: (error: Error) => void }[] = [];
  #watchdogResets = 0;

  constructor(
    readonly path: string,
    private readonly wiring: MegaBoard,
  ) {
    this.#watch = new LockWatch(wiring);
    this.#program = spawn(simavrProgram(), [firmware], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#closed = once(this.#program, 'close');
    this.#program.on('close', () => this.#fail());
    this.#program.stdin.on('error', () => this.#program.kill());
    createInterface({ input: this.#program.stdout }).on('line', (line) => this.#take(line.split(' ')));
    this.started = this.#done();
  }

  door(locker: number, door: 'open' | 'closed'): Promise<void> {
    const { pin, drive } = switchOf(this.wiring, locker, door);
    return this.#command(`pin ${pinNames[pin]} ${drive}`);
  }

  async locksOn(): Promise<readonly number[]> {
    await this.#command('sync');
    return this.#watch.locksOn;
  }

  async onTimes() {
    await this.#command('sync');
    return this.#watch.onTimes;
  }

  reset(cause: 'external' | 'power-on'): Promise<void> {
    return this.#command(cause === 'external' ? 'reset external' : 'reset power');
  }

  async drivenAfterMs(): Promise<number | undefined> {
    await this.#command('sync');
    return this.#watch.drivenAfterMs;
  }

  stopTicks(): Promise<void> {
    return this.#command(`poke ${timerMask.toString(16)} 0`);
  }

  async watchdogResets(): Promise<number> {
    await this.#command('sync');
    return this.#watchdogResets;
  }

  unplug(): Promise<void> {
    rmSync(this.path, { force: true });
    return this.#command('unplug');
  }

  plug(): Promise<void> {
    return this.#command('plug');
  }

  async close(): Promise<void> {
    this.#program.stdin.end('quit\n');
    await this.#closed;
    rmSync(this.path, { force: true });
  }

  #command(line: string): Promise<void> {
    const done = this.#done();
    this.#program.stdin.write(`${line}\n`);
    return done;
  }

  #done(): Promise<void> {
    return new Promise((done, failed) => this.#waiting.push({ done, failed }));
  }

  #fail(): void {
    const { exitCode, signalCode } = this.#program;
    for (const { failed } of this.#waiting.splice(0)) {
      failed(new Error(`the board on simavr ended: ${signalCode ?? exitCode}`));
    }
  }

  #take([what, first = '', ...rest]: readonly string[]): void {
    const atMs = Number(rest.at(-1)) / 1_000;
    switch (what) {
      case 'done':
        this.#waiting.shift()?.done();
        return;
      case 'port':
        rmSync(this.path, { force: true });
        symlinkSync(first, this.path);
        return;
      case 'reset':
        this.#watch.reset(atMs);
        if (first === 'watchdog') this.#watchdogResets += 1;
        return;
      case 'pin':
        this.#watch.changed(pinNames.indexOf(first), rest[0] as OutputLevel, atMs);
        return;
      default:
        throw new Error(`the board on simavr says ${what}`);
    }
  }
}
