import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ledgerRules } from '../../../src/circulation/ledger-rules.js';
import { openDatabase } from '../../../src/journal/database.js';
import type { Journal } from '../../../src/journal/journal.js';
import { journalOn } from '../../../src/journal/open.js';
import { kioskId } from '../../../src/kernel/ids.js';
import { wireKiosk } from '../../../src/kiosk/wire-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import { createKeyRing, generateSigningKey } from '../../../src/passes/keys.js';
import { createRandom } from '../support/random.js';
import { barePorts, boardsOnly, overriding } from '../support/stand-ins.js';
import {
  board,
  type CabinetState,
  closedCabinet,
  initialStock,
  lockers,
  SimulatedVisits,
  type UnlockRequest,
} from './simulated-visits.js';
import type { WriterOutput } from './verify.js';

/**
 * A kiosk without a cabinet, to be killed: the real core and shell on a real journal, with `SimulatedVisits` for the world. It writes on
 * standard output what it would have done next, line by line and at once.
 * `--steps 0` goes on for ever; `--synchronous NORMAL` gives up the promise that the journal makes, to prove the test.
 */
const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '0' },
    synchronous: { type: 'string', default: 'FULL' },
    cabinet: { type: 'string' },
  },
});

const nothing = () => undefined;
const writeOutput = (output: WriterOutput) => writeSync(1, `${JSON.stringify(output)}\n`);

function open(file: string): Journal {
  const db = openDatabase(file);
  if (values.synchronous === 'NORMAL') db.pragma('synchronous = NORMAL');
  return journalOn(db, { file, ...ledgerRules });
}

function main(file: string, cabinet: CabinetState): void {
  const journal = watched(open(file));
  const requests: UnlockRequest[] = [];
  const { kiosk, ...wired } = wireKiosk({
    ...barePorts(kioskId('crash'), 'crash', 'mqtt://127.0.0.1', new Map([[board, lockers]])),
    firstStock: initialStock,
    clock: createClock(() => journal.lastTrustedMs()),
    log: fatalLog,
    journal,
    key: generateSigningKey(),
    roots: createKeyRing([]),
    boards: boardsOnly((locker, tag) => requests.push({ locker, tag })),
    connect: () => ({ publish: nothing, resubscribe: nothing, close: async () => undefined }),
    decorate: (parts) => ({
      ...parts,
      perform(effect) {
        if (effect.kind === 'unlock')
          writeOutput({ kind: 'unlock', visit: effect.visit, locker: effect.locker });
        parts.perform(effect);
      },
    }),
  });
  wired.start();
  const random = createRandom(Number(values.seed), 'life');
  const visits = new SimulatedVisits(kiosk, requests, random, cabinet, (changed) =>
    writeOutput({ kind: 'cabinet', cabinet: changed }),
  );
  visits.begin();
  runSteps(visits, Number(values.steps));
}

/** The journal, which prints each event as soon as it is durable. */
function watched(journal: Journal): Journal {
  return overriding(journal, {
    append(moment, events) {
      journal.append(moment, events);
      writeOutput({ kind: 'stored', position: journal.lastPosition(), events });
    },
  });
}

/** So many steps, a turn of the event loop each; then dies as it would in a power cut, with nothing closed. */
function runSteps(visits: SimulatedVisits, steps: number): void {
  let done = 0;
  const next = () => {
    visits.step();
    done += 1;
    if (done === steps) process.kill(process.pid, 'SIGKILL');
    setImmediate(next);
  };
  next();
}

/** An error means a journal that cannot be written: nothing more can be learnt from this life. */
const fatalLog = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error(_fields: object, message: string): never {
    throw new Error(message);
  },
};

main(values.file ?? 'journal.db', values.cabinet === undefined ? closedCabinet : JSON.parse(values.cabinet));
