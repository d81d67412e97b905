/**
 * A kiosk without its cabinet: the real core, journal, documents and link, with residents who come and go by themselves.
 * `node torture-link/kiosk.js NAME FOLDER BROKER CATALOGUE-KEY SEED [quiet]`. What is durable it tells its witness, the file
 * FOLDER.witness; every 100 ms it says how it is (`KioskSays`). SIGUSR1: very many residents come at once. SIGUSR2:
 * nobody comes any more. It ends by itself when it is ordered to restart.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialState } from '../../../../src/circulation/decide.js';
import { defaultPolicy } from '../../../../src/circulation/directory.js';
import type { Effect } from '../../../../src/circulation/input.js';
import { ledgerRules } from '../../../../src/circulation/ledger-rules.js';
import type { Journal } from '../../../../src/journal/journal.js';
import { openJournal } from '../../../../src/journal/open.js';
import { boardId, kioskId } from '../../../../src/kernel/ids.js';
import { type Clock, type EpochMs, epochMs, seconds } from '../../../../src/kernel/time.js';
import { answerOf, createCatalogueLink } from '../../../../src/kiosk/catalogue-link.js';
import { createDocuments } from '../../../../src/kiosk/document-store.js';
import { Kiosk } from '../../../../src/kiosk/kiosk.js';
import type { Link } from '../../../../src/link/link.js';
import { createClock } from '../../../../src/machine/clock.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../../../../src/passes/keys.js';
import { createRandom } from '../../support/random.js';
import { itemsOf, type KioskSays, lockers, quiet, street } from './names.js';
import { openWitness } from './testimony.js';
import { Visitors } from './visitors.js';

const [name = '', folder = '', brokerUrl = '', keyFile = '', seed = '1', quietly] = process.argv.slice(2);
const board = boardId('main');
const nothing = () => undefined;
const visitEveryMs = 100;
const rushVisits = 300;
const sayEveryMs = 100;

const witness = openWitness(`${folder}.witness`);
const journal = openJournal({ file: join(folder, 'journal.db'), ...ledgerRules });
const clock = everLater(createClock(journal.lastTrustedMs()), journal.lastTrustedMs());
const roots = createKeyRing([loadVerifyingKey(readFileSync(keyFile, 'utf8'))]);
const documents = createDocuments(journal, defaultPolicy, roots);

/** A clock that never shows the same time twice, so that every event can be told from every other. */
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

function tell(kind: 'has' | 'added', from: number): void {
  const { epoch } = journal;
  witness.tell({ kind, epoch, events: journal.read(from, journal.lastPosition() - from + 1) });
}

/** The same journal, whose new epochs the witness hears of at once. */
function told(journal: Journal): Journal {
  const beginEpoch = journal.beginEpoch.bind(journal);
  return Object.assign(journal, {
    beginEpoch(...args: Parameters<Journal['beginEpoch']>) {
      beginEpoch(...args);
      tell('has', 1);
    },
  });
}

if (journal.lastPosition() === 0) {
  const stock = itemsOf(name).map((item, at) => ({
    type: 'item-stocked' as const,
    locker: lockers[at] ?? lockers[0],
    item,
  }));
  journal.append(clock.now(), stock);
}
tell('has', 1);

/** The commands that doors are unlocked for, by their visits. */
const visitsOfCommands = new Map<number, string>();

function perform(effect: Effect): void {
  if (effect.kind === 'answer') link.answer(answerOf(effect));
  if (effect.kind === 'restart') stop();
  if (effect.kind !== 'unlock') return;
  const command = visitsOfCommands.get(effect.visit);
  if (command !== undefined) witness.tell({ kind: 'unlocked', command });
  visitors.unlocked(effect.locker);
}

const settings = {
  boards: new Map([[board, lockers]]),
  policy: { ...defaultPolicy, loansPerPatron: 1_000, loansPerPatronOffline: 1_000 },
  waits: {
    visitIdle: seconds(60),
    doorOpen: seconds(15),
    doorClose: seconds(120),
    doorRemind: seconds(20),
    farewell: seconds(8),
  },
};
const kiosk: Kiosk = new Kiosk(initialState(settings, journal.load()), {
  clock,
  log: quiet,
  append(moment, events) {
    const from = journal.lastPosition() + 1;
    journal.append(moment, events);
    tell('added', from);
    for (const event of events)
      if ('command' in event && event.command !== undefined && 'visit' in event)
        visitsOfCommands.set(event.visit, event.command);
  },
  perform,
  onStep: (_state, _moment, grew) => grew && link.journalGrew(),
});
const link: Link = createCatalogueLink({
  config: { kiosk: kioskId(name), street, link: { brokerUrl }, monitoring: { homeAssistant: false } },
  journal: told(journal),
  documents,
  key: loadOrMakeKioskKey(folder),
  roots,
  kiosk,
  clock,
  log: quiet,
  show: nothing,
  onOnline: () => witness.tell({ kind: 'online' }),
  onHomeAssistant: nothing,
  onRequest: nothing,
});
const visitors = new Visitors(kiosk, createRandom(Number(seed), name));

function say(): void {
  const says: KioskSays = {
    unsent: journal.lastPosition() - journal.sentMark(),
    places: [...kiosk.state.ledger.lockers]
      .flatMap(([locker, { item }]) => (item === null ? [] : [{ locker, item }]))
      .sort((a, b) => a.locker - b.locker)
      .map(({ locker, item }) => `${locker} ${item}`),
  };
  process.stdout.write(`${JSON.stringify(says)}\n`);
}

function stop(): void {
  clearInterval(visits);
  kiosk.close();
  link.close().then(() => {
    journal.close();
    process.exit(0);
  }, process.exit);
}

const closed = new Map(lockers.map((locker) => [locker, 'closed' as const]));
const known = { items: new Map(), chattering: new Set<never>(), lastPulse: null };
kiosk.submit({ kind: 'board-ready', board, doors: closed, ...known });
for (const input of documents.news()) kiosk.submit(input);
link.start();
/** Ten visits a second: more than any kiosk has in an hour. */
const visits = setInterval(() => visitors.visit(), visitEveryMs);
setInterval(say, sayEveryMs);
process.on('SIGUSR1', () => visitors.rush(rushVisits));
function fallSilent(): void {
  clearInterval(visits);
  visitors.leave();
}
if (quietly) fallSilent();
process.on('SIGUSR2', fallSilent);
process.on('SIGTERM', stop);
