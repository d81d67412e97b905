import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardEvent } from '../../../firmware-bridge/board/index.js';
import type { Event } from '../../../src/circulation/event.js';
import type { Input } from '../../../src/circulation/input.js';
import type { Ledger } from '../../../src/circulation/ledger.js';
import type { State } from '../../../src/circulation/state.js';
import { assert } from '../../../src/kernel/assert.js';
import type { BoardId } from '../../../src/kernel/ids.js';
import type { Wait } from '../../../src/kernel/wait.js';
import { Life, type LifeParts } from './life.js';
import { type CutPoint, PowerCut } from './power-cut.js';

/** What a machine is made with. */
export interface MachineParts extends LifeParts {
  /** Where its journals are kept; each life has a file of its own, a copy of the last one’s. */
  readonly folder: string;
  /** The process died within a step. */
  died(): void;
}

/** The computer of the kiosk: real core, real shell, real journal on a real file; it can die at any point. */
export class Machine {
  #life: Life | null = null;
  #lives = 0;
  #cut: CutPoint | null = null;

  constructor(private readonly parts: MachineParts) {}

  get isOn(): boolean {
    return this.#life !== null;
  }

  get life(): Life {
    assert(this.#life !== null, 'the machine is on');
    return this.#life;
  }

  get state(): State {
    return this.life.kiosk.state;
  }

  /** How often the program has died. */
  get lives(): number {
    return this.#lives;
  }

  /** The next step that comes to `point` ends there; null: none does. */
  armCut(point: CutPoint | null): void {
    this.#cut = point;
  }

  /** Starts the program on what the last life left behind, and on what staff put on record meanwhile. */
  boot(staff: (ledger: Ledger) => readonly Event[] = () => []): void {
    const lives = this.#lives;
    const run = (work: () => void) => {
      if (this.#life && this.#lives === lives) this.#alive(work);
    };
    const wait: Wait = (waitMs, work) => this.parts.time.wait(waitMs, () => run(work));
    const body = { wait, run, cutAt: (point: CutPoint) => this.#cutAt(point) };
    this.#life = new Life(this.#file(), this.parts, body, staff);
    this.#life.start();
  }

  /** Hands one input to the program; it is dropped while the machine is off. */
  submit(input: Input): void {
    if (this.#life) this.#alive(() => this.life.kiosk.submit(input));
  }

  /** A board reports to the program; nobody hears it while the machine is off. */
  hear(board: BoardId, event: BoardEvent): void {
    if (this.#life) this.#alive(() => this.life.hear(board, event));
  }

  /** The process ends here and now; its files stay as they are. */
  die(): void {
    const { file } = this.life;
    this.#lives += 1;
    // Before the file is closed, which would tidy it.
    for (const part of ['', '-wal'])
      if (existsSync(file + part)) copyFileSync(file + part, this.#file() + part);
    this.close();
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  }

  /** Lets go of everything; may be called again. */
  close(): void {
    const life = this.#life;
    this.#life = null;
    this.#cut = null;
    life?.close();
  }

  #file(): string {
    return join(this.parts.folder, `journal-${this.#lives}.db`);
  }

  #cutAt(point: CutPoint): void {
    if (this.#cut === point) throw new PowerCut(point);
  }

  /** Runs something of the program, which may die of it. */
  #alive(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.die();
      this.parts.died();
    }
  }
}
