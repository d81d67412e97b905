/**
 * A kiosk without its cabinet: the real core, journal and link, with residents who come and go by themselves.
 * `node torture-link/kiosk.js NAME FOLDER BROKER CATALOGUE-KEY SEED`. What is durable it tells its witness, the file
 * FOLDER.witness, line by line; every 100 ms it says how many of its events are not acknowledged.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, createCatalogueLink } from '../../src/catalogue-link.js';
import { initialState } from '../../src/circulation/decide.js';
import { usualPolicy } from '../../src/circulation/directory.js';
import type { Effect, Input } from '../../src/circulation/input.js';
import { ledgerRules } from '../../src/circulation/ledger-rules.js';
import { createClock } from '../../src/clock.js';
import { createDocuments } from '../../src/documents.js';
import { openJournal } from '../../src/journal/journal.js';
import { boardId, itemId, kioskId, lockerNo, passId, patronId } from '../../src/kernel/ids.js';
import { seconds } from '../../src/kernel/time.js';
import { Kiosk } from '../../src/kiosk.js';
import type { Link } from '../../src/link/link.js';
import { loadOrMakeKioskKey } from '../../src/passes/key-file.js';
import { createKeyRing, loadVerifyingKey } from '../../src/passes/keys.js';
import { createRandom } from '../random.js';
import { lockerCount, quiet, street } from './names.js';

const [name = '', folder = '', brokerUrl = '', keyFile = '', seed = '1'] = process.argv.slice(2);
const random = createRandom(Number(seed), name);
const lockers = Array.from({ length: lockerCount }, (_, n) => lockerNo(n + 1));
const board = boardId('main');
const witness = `${folder}.witness`;

const journal = openJournal({ file: join(folder, 'journal.db'), ...ledgerRules });
const clock = createClock(journal.lastTrustedMs());
const roots = createKeyRing([loadVerifyingKey(readFileSync(keyFile, 'utf8'))]);
const documents = createDocuments(journal, usualPolicy, roots);

/** What is in the journal from `from` on is durable. */
function tell(from: number): void {
  const lines = journal
    .read(from, journal.lastPosition() - from + 1)
    .map(({ position, event }) =>
      JSON.stringify({ epoch: journal.epoch, position, body: JSON.stringify(event) }),
    );
  if (lines.length > 0) appendFileSync(witness, `${lines.join('\n')}\n`);
}

if (journal.lastPosition() === 0) {
  const stock = lockers.slice(0, lockerCount / 2).map((locker) => ({
    type: 'item-stocked' as const,
    locker,
    item: itemId(String(30_106_000_000_000 + locker * 10)),
  }));
  journal.append(clock.now(), stock);
}
tell(1);

const settings = {
  boards: new Map([[board, lockers]]),
  policy: { ...usualPolicy, loansPerPatron: 1_000, loansPerPatronOffline: 1_000 },
  waits: {
    visitIdle: seconds(60),
    doorOpen: seconds(15),
    doorClose: seconds(120),
    doorRemind: seconds(20),
    farewell: seconds(8),
  },
};
const unlocked: Extract<Effect, { kind: 'unlock' }>[] = [];
const kiosk: Kiosk = new Kiosk(initialState(settings, journal.load()), {
  clock,
  log: quiet,
  append(moment, events) {
    const from = journal.lastPosition() + 1;
    journal.append(moment, events);
    tell(from);
  },
  perform(effect) {
    if (effect.kind === 'answer') link.answer(answerOf(effect));
    if (effect.kind === 'unlock') unlocked.push(effect);
  },
  onStep: (_state, _moment, grew) => grew && link.journalGrew(),
});
const link: Link = createCatalogueLink({
  config: { kiosk: kioskId(name), street, link: { brokerUrl }, monitoring: { homeAssistant: false } },
  journal,
  documents,
  key: loadOrMakeKioskKey(folder),
  roots,
  kiosk,
  clock,
  log: quiet,
  show: () => undefined,
  onOnline: () => undefined,
  onHomeAssistant: () => undefined,
  onRequest: () => undefined,
});

let epoch = journal.epoch;
setInterval(() => {
  // Another epoch tells its first events itself.
  if (journal.epoch !== epoch) tell(1);
  epoch = journal.epoch;
  const unsent = journal.lastPosition() - journal.sentMark();
  process.stdout.write(`${unsent} ${journal.lastPosition()} ${journal.epoch}\n`);
}, 100);

/** Somebody borrows, or brings back what she finds. */
function visit(): void {
  const patron = patronId(
    random
      .between(1, 1 << 30)
      .toString(16)
      .padStart(16, 'a'),
  );
  const pass = passId(
    random
      .between(1, 1 << 30)
      .toString(16)
      .padStart(16, '0'),
  );
  const loans = [...kiosk.state.ledger.loans.keys()];
  const wants: Input[] =
    loans.length > 0 && random.chance(0.5)
      ? [{ kind: 'item-shown', item: random.pick(loans) }]
      : [
          { kind: 'pass-shown', holder: { patron, age: 'adult', pass, grant: null } },
          { kind: 'locker-chosen', locker: random.pick(lockers) },
        ];
  for (const input of wants) kiosk.submit(input);
  for (const { locker } of unlocked.splice(0)) {
    kiosk.submit({ kind: 'door', locker, door: 'open' });
    kiosk.submit({ kind: 'door', locker, door: 'closed' });
  }
  kiosk.submit({ kind: 'cancelled' });
}

const closed = new Map(lockers.map((locker) => [locker, 'closed' as const]));
kiosk.submit({
  kind: 'board-ready',
  board,
  doors: closed,
  items: new Map(),
  chattering: new Set(),
  lastPulse: null,
});
for (const input of documents.news()) kiosk.submit(input);
link.start();
/** Ten visits a second: more than any kiosk has in an hour. */
const visitEveryMs = 100;
const visits = setInterval(visit, visitEveryMs);
process.on('SIGUSR2', () => clearInterval(visits));
process.on('SIGTERM', () => {
  clearInterval(visits);
  kiosk.close();
  link.close().then(() => {
    journal.close();
    process.exit(0);
  }, process.exit);
});
