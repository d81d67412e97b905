import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { initialState } from '../../../src/circulation/decide.js';
import { defaultPolicy } from '../../../src/circulation/directory.js';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { openDatabase } from '../../../src/journal/database.js';
import type { Journal } from '../../../src/journal/journal.js';
import { journalOn } from '../../../src/journal/open.js';
import { seconds } from '../../../src/kernel/time.js';
import { Kiosk } from '../../../src/kiosk/kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import { createRandom } from '../support/random.js';
import {
  board,
  type CabinetState,
  closedCabinet,
  initialStock,
  lockers,
  SimulatedVisits,
} from './simulated-visits.js';
import type { WriterOutput } from './writer-output.js';

/**
 * A kiosk without a cabinet, to be killed: the real core and shell on a real journal, with `Life` for the world. It says on
 * standard output what it would have done next, line by line and at once.
 * `--steps 0` goes on for ever; `--synchronous NORMAL` gives up the promise that the journal makes, to prove the test.
 */
const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '0' },
    synchronous: { type: 'string', default: 'FULL' },
    world: { type: 'string' },
  },
});

const writeOutput = (said: WriterOutput) => writeSync(1, `${JSON.stringify(said)}\n`);

function open(file: string): Journal {
  const db = openDatabase(file);
  if (values.synchronous === 'NORMAL') db.pragma('synchronous = NORMAL');
  return journalOn(db, { file, ...ledgerRules });
}

function main(file: string, world: CabinetState): void {
  const journal = open(file);
  const clock = createClock(journal.lastTrustedMs());
  if (journal.lastPosition() === 0) {
    journal.append(clock.now(), initialStock);
    writeOutput({ kind: 'stored', position: journal.lastPosition(), events: initialStock });
  }
  const waits = {
    visitIdle: seconds(60),
    doorOpen: seconds(15),
    doorClose: seconds(60),
    doorRemind: seconds(20),
    farewell: seconds(8),
  };
  const kiosk: Kiosk = new Kiosk(
    initialState({ boards: new Map([[board, lockers]]), policy: defaultPolicy, waits }, journal.load()),
    {
      clock,
      log: silent,
      append(moment, events) {
        journal.append(moment, events);
        writeOutput({ kind: 'stored', position: journal.lastPosition(), events });
      },
      perform(effect) {
        if (effect.kind === 'unlock')
          writeOutput({ kind: 'unlock', visit: effect.visit, locker: effect.locker });
        life.perform(effect);
      },
      onStep: () => undefined,
    },
  );
  const random = createRandom(Number(values.seed), 'life');
  const life = new SimulatedVisits(kiosk, random, world, (changed) =>
    writeOutput({ kind: 'world', world: changed }),
  );
  life.begin();
  runSteps(life, Number(values.steps));
}

/** So many steps, a turn of the event loop each; then dies as it would in a power cut, with nothing closed. */
function runSteps(life: SimulatedVisits, steps: number): void {
  let done = 0;
  const next = () => {
    life.step();
    done += 1;
    if (done === steps) process.kill(process.pid, 'SIGKILL');
    setImmediate(next);
  };
  next();
}

const ignore = () => undefined;
/** An error means a journal that cannot be written: nothing more can be learnt from this life. */
const silent = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error(_fields: object, message: string): never {
    throw new Error(message);
  },
};

main(values.file ?? 'journal.db', values.world === undefined ? closedCabinet : JSON.parse(values.world));
