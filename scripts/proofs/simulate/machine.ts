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
import { type CutPoint, KioskProgram, PowerCut, type ProgramParts } from './kiosk-program.js';

/** What a machine is made with. */
export interface MachineParts extends ProgramParts {
  /** Where its journals are kept; each run of the program has a file of its own, a copy of the last one’s. */
  readonly folder: string;
  died(): void;
}

/** The computer of the kiosk: real core, real shell, real journal on a real file; it can die at any point. */
export class Machine {
  #program: KioskProgram | null = null;
  #deaths = 0;
  #cut: CutPoint | null = null;

  constructor(private readonly parts: MachineParts) {}

  get isOn(): boolean {
    return this.#program !== null;
  }

  get program(): KioskProgram {
    assert(this.#program !== null, 'the machine is on');
    return this.#program;
  }

  get state(): State {
    return this.program.kiosk.state;
  }

  get deaths(): number {
    return this.#deaths;
  }

  /** The next step that comes to `point` ends there; null: none does. */
  armCut(point: CutPoint | null): void {
    this.#cut = point;
  }

  /** Starts the program on what the last run of the program left behind, and on what staff put on record meanwhile. */
  boot(staff: (ledger: Ledger) => readonly Event[] = () => []): void {
    const deaths = this.#deaths;
    const run = (work: () => void) => {
      if (this.#program && this.#deaths === deaths) this.#alive(work);
    };
    const wait: Wait = (waitMs, work) => this.parts.time.wait(waitMs, () => run(work));
    const host = { wait, run, cutAt: (point: CutPoint) => this.#cutAt(point) };
    this.#program = new KioskProgram(this.#file(), this.parts, host, staff);
    this.#program.start();
  }

  /** Hands one input to the program; it is dropped while the machine is off. */
  submit(input: Input): void {
    if (this.#program) this.#alive(() => this.program.kiosk.submit(input));
  }

  /** Passes a report of a board to the program; it is lost while the machine is off. */
  receive(board: BoardId, event: BoardEvent): void {
    if (this.#program) this.#alive(() => this.program.receive(board, event));
  }

  /** The process ends here and now; its files stay as they are. */
  die(): void {
    const { file } = this.program;
    this.#deaths += 1;
    // Before the file is closed, which would tidy it.
    for (const part of ['', '-wal'])
      if (existsSync(file + part)) copyFileSync(file + part, this.#file() + part);
    this.close();
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  }

  /** Lets go of everything; may be called again. */
  close(): void {
    const program = this.#program;
    this.#program = null;
    this.#cut = null;
    program?.close();
  }

  #file(): string {
    return join(this.parts.folder, `journal-${this.#deaths}.db`);
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
