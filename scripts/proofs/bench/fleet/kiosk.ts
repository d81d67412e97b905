import { join } from 'node:path';
import { defaultPolicy } from '../../../../src/circulation/directory.js';
import { defaultTimeouts } from '../../../../src/circulation/timeouts.js';
import { boardId, type KioskId, lockerNo } from '../../../../src/kernel/ids.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import type { KeyRing } from '../../../../src/passes/keys.js';
import { believedClock, boardsOnly } from '../../support/stand-ins.js';
import { street } from '../drain/topics.js';
import { eventsOfLoan, openAt } from '../journal-past.js';
import { type JournalDigests, journalDigest } from './messages.js';

const settings = {
  boards: new Map([[boardId('main'), [1, 2, 3, 4].map(lockerNo)]]),
  policy: defaultPolicy,
  waits: defaultTimeouts,
};

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
  kiosk: KioskId,
  folder: string,
  brokerUrl: string,
  roots: KeyRing,
  onOnline: (online: boolean) => void,
): FleetKiosk {
  const journal = openAt(join(folder, 'journal.db'));
  const wired = wireKiosk({
    config: { kiosk, street, link: { brokerUrl } },
    settings,
    clock: believedClock,
    log: silentLog,
    journal,
    key: loadOrMakeKioskKey(folder),
    roots,
    restart: () => undefined,
    boards: boardsOnly(),
    connect: (options) =>
      connectMqtt({
        ...options,
        onOnline(online) {
          options.onOnline(online);
          onOnline(online);
        },
      }),
  });
  const { link } = wired;
  wired.start();
  let wanted = journal.lastPosition();
  return {
    live(loans) {
      const first = journal.lastPosition();
      for (let n = 0; n < loans; n += 1) {
        for (const event of eventsOfLoan(first + n)) journal.append(believedClock.now(), [event]);
      }
      wanted = journal.lastPosition();
      link.journalGrew();
    },
    isSynced: () => link.online && journal.sentMark() >= wanted,
    digest: () => journalDigest(journal.read(1, journal.lastPosition())),
    close: () => wired.close(),
  };
}
