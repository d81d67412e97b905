import { join } from 'node:path';
import { initialState, type Settings } from '../../../../src/circulation/decide.js';
import { defaultPolicy } from '../../../../src/circulation/directory.js';
import { boardId, type KioskId, lockerNo } from '../../../../src/kernel/ids.js';
import { type Clock, elapsedMs, epochMs, seconds } from '../../../../src/kernel/time.js';
import { answerOf, createCatalogueLink } from '../../../../src/kiosk/catalogue-link.js';
import { createDocuments } from '../../../../src/kiosk/document-store.js';
import { Kiosk } from '../../../../src/kiosk/kiosk.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import type { KeyRing } from '../../../../src/passes/keys.js';
import { silentLog, street } from '../drain/topics.js';
import { eventsOfLoan, openAt } from '../journal-past.js';
import { type JournalDigests, journalDigest } from './messages.js';

const board = boardId('main');
const lockers = [1, 2, 3, 4].map(lockerNo);
const settings: Settings = {
  boards: new Map([[board, lockers]]),
  policy: defaultPolicy,
  waits: {
    visitIdle: seconds(60),
    doorOpen: seconds(15),
    doorClose: seconds(120),
    doorRemind: seconds(20),
    farewell: seconds(8),
  },
};
const clock: Clock = {
  now: () => ({ elapsedMs: elapsedMs(performance.now()), calendarMs: epochMs(Date.now()), trust: 'trusted' }),
};
const nothing = () => undefined;

/** A kiosk without cabinet, reader, screen and monitoring: core, journal, documents and link are the real ones. */
export interface FleetKiosk {
  /** Writes the events of so many loans, each step durable, behind the core’s back. */
  live(loans: number): void;
  /** Whether the catalogue has acknowledged all that `live` wrote. */
  isSynced(): boolean;
  digest(): JournalDigests[string];
  close(): Promise<void>;
}

/** Starts the kiosk in `folder`; it connects by itself. */
export function startFleetKiosk(
  id: KioskId,
  folder: string,
  brokerUrl: string,
  roots: KeyRing,
  onOnline: (online: boolean) => void,
): FleetKiosk {
  const journal = openAt(join(folder, 'journal.db'));
  const documents = createDocuments(journal, defaultPolicy, roots);
  const core: Kiosk = new Kiosk(initialState(settings, journal.load()), {
    clock,
    log: silentLog,
    append: (moment, events) => journal.append(moment, events),
    perform: (effect) => effect.kind === 'answer' && link.answer(answerOf(effect)),
    onStep: (_state, _moment, grew) => grew && link.journalGrew(),
  });
  const link = createCatalogueLink({
    config: { kiosk: id, street, link: { brokerUrl }, monitoring: { homeAssistant: false } },
    ...{ journal, documents, roots, clock },
    key: loadOrMakeKioskKey(folder),
    kiosk: core,
    log: silentLog,
    show: () => onOnline(link.online),
    onOnline: nothing,
    onHomeAssistant: nothing,
    onRequest: () => undefined,
  });
  link.start();
  let wanted = journal.lastPosition();
  return {
    live(loans) {
      const first = journal.lastPosition();
      for (let n = 0; n < loans; n += 1) {
        for (const event of eventsOfLoan(first + n)) journal.append(clock.now(), [event]);
      }
      wanted = journal.lastPosition();
      link.journalGrew();
    },
    isSynced: () => link.online && journal.sentMark() >= wanted,
    digest: () => journalDigest(journal.read(1, journal.lastPosition())),
    async close() {
      core.close();
      await link.close();
      journal.close();
    },
  };
}
