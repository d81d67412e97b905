/**
 * A kiosk without its cabinet: the real core, journal, documents and link, with simulated residents.
 * `node torture-link/kiosk.js NAME FOLDER BROKER CATALOGUE-KEY SEED [quiet]`. It records what is durable in the
 * witness log FOLDER.witness, and prints its `KioskStatus` every 100 ms. SIGUSR1: very many visits at once. SIGUSR2: no more
 * visits. It exits when it receives the command to restart.
 */

import { join } from 'node:path';
import { defaultPolicy } from '../../../../src/circulation/directory.js';
import { ledgerRules } from '../../../../src/circulation/ledger-rules.js';
import type { Journal } from '../../../../src/journal/journal.js';
import { openJournal } from '../../../../src/journal/open.js';
import { boardId, kioskId } from '../../../../src/kernel/ids.js';
import { type Clock, type EpochMs, epochMs } from '../../../../src/kernel/time.js';
import type { KioskParts } from '../../../../src/kiosk/kiosk.js';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { createClock } from '../../../../src/machine/clock.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { createRandom } from '../../support/random.js';
import { barePorts, overriding, ringIn } from '../../support/stand-ins.js';
import { Residents, UnlockedDoors } from './residents.js';
import { itemsOf, type KioskStatus, lockers, street } from './street-setup.js';
import { openWitnessLog } from './witness-log.js';

const [name = '', folder = '', brokerUrl = '', keyFile = '', seed = '1', quietly] = process.argv.slice(2);
const board = boardId('main');
const visitEveryMs = 100;
const rushVisits = 300;
const statusEveryMs = 100;

const witness = openWitnessLog(`${folder}.witness`);
const journal = openJournal({ file: join(folder, 'journal.db'), ...ledgerRules });

/** A clock that never shows the same time twice, so that every event is unique. */
function everLater(clock: Clock, sinceMs: EpochMs): Clock {
  let lastMs: number = sinceMs;
  return {
    now() {
      const moment = clock.now();
      lastMs = Math.max(lastMs + 1, moment.calendarMs);
      return { ...moment, calendarMs: epochMs(lastMs) };
    },
  };
}

function recordJournal(kind: 'has' | 'added', from: number): void {
  const { epoch } = journal;
  witness.record({ kind, epoch, events: journal.read(from, journal.lastPosition() - from + 1) });
}

/** The commands that doors are unlocked for, by their visits. */
const visitsOfCommands = new Map<number, string>();

/** The journal, with a witness record of each event as soon as it is durable. */
function witnessed(original: Journal): Journal {
  return overriding(original, {
    append(moment, events) {
      const from = original.lastPosition() + 1;
      original.append(moment, events);
      recordJournal('added', from);
      for (const event of events)
        if ('command' in event && event.command !== undefined && 'visit' in event)
          visitsOfCommands.set(event.visit, event.command);
    },
    beginEpoch(moment, known) {
      original.beginEpoch(moment, known);
      recordJournal('has', 1);
    },
  });
}

/** The shell, with a witness record of each unlock for a command. */
function witnessedShell(parts: KioskParts): KioskParts {
  return {
    ...parts,
    perform(effect) {
      const command = effect.kind === 'unlock' ? visitsOfCommands.get(effect.visit) : undefined;
      if (command !== undefined) witness.record({ kind: 'unlocked', command });
      parts.perform(effect);
    },
  };
}

recordJournal('has', 1);
const doors = new UnlockedDoors(board, lockers);
const bare = barePorts(kioskId(name), street, brokerUrl, new Map([[board, lockers]]));
const wired = wireKiosk({
  ...bare,
  settings: {
    ...bare.settings,
    policy: { ...defaultPolicy, loansPerPatron: 1_000, loansPerPatronOffline: 1_000 },
  },
  firstStock: itemsOf(name).map((item, at) => ({ locker: lockers[at] ?? lockers[0], item })),
  clock: everLater(
    createClock(() => journal.lastTrustedMs()),
    journal.lastTrustedMs(),
  ),
  journal: witnessed(journal),
  key: loadOrMakeKioskKey(folder),
  roots: ringIn(keyFile),
  restart: () => process.kill(process.pid, 'SIGTERM'),
  boards: (onEvent) => doors.connect(onEvent),
  connect: (options) =>
    connectMqtt({
      ...options,
      onOnline(online) {
        if (online) witness.record({ kind: 'online' });
        options.onOnline(online);
      },
    }),
  decorate: witnessedShell,
});
const { kiosk } = wired;
const residents = new Residents(kiosk, doors, createRandom(Number(seed), name));

function printStatus(): void {
  const status: KioskStatus = {
    unsent: journal.lastPosition() - journal.sentMark(),
    places: [...kiosk.state.ledger.lockers]
      .flatMap(([locker, { item }]) => (item === null ? [] : [{ locker, item }]))
      .sort((a, b) => a.locker - b.locker)
      .map(({ locker, item }) => `${locker} ${item}`),
  };
  process.stdout.write(`${JSON.stringify(status)}\n`);
}

wired.start();
/** Ten visits a second: more than a real kiosk has in an hour. */
residents.comeEvery(visitEveryMs);
setInterval(printStatus, statusEveryMs);
process.on('SIGUSR1', () => residents.rush(rushVisits));
if (quietly) residents.stop();
process.on('SIGUSR2', () => residents.stop());
process.once('SIGTERM', () => {
  residents.stop();
  wired.close().then(() => process.exit(0), process.exit);
});
