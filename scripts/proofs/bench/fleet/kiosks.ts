/**
 * Some kiosks of the fleet in one process: `node fleet/kiosks.js BROKER KEYS FOLDER KIOSK...`, each with its folder below
 * FOLDER; controlled by messages.
 */
import { join } from 'node:path';
import { boardId, type KioskId, kioskId, lockerNo } from '../../../../src/kernel/ids.js';
import { wireKiosk } from '../../../../src/kiosk/wire-kiosk.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import { loadOrMakeKioskKey } from '../../../../src/passes/key-file.js';
import type { KeyRing } from '../../../../src/passes/keys.js';
import { barePorts, believedClock, ringIn } from '../../support/stand-ins.js';
import { eventsOfLoan, openAt, street } from '../journal-past.js';
import { type FromKiosks, type JournalDigests, journalDigest, type ToKiosks } from './messages.js';

const [url = '', keysFile = '', folder = '', ...names] = process.argv.slice(2);
const roots = ringIn(keysFile);
const say = (message: FromKiosks) => void process.send?.(message);
const kiosks = new Map(
  names.map((kiosk) => [
    kiosk,
    startFleetKiosk(kioskId(kiosk), join(folder, kiosk), url, roots, (online) =>
      say({ kind: 'online', kiosk, online }),
    ),
  ]),
);

let looks: NodeJS.Timeout | undefined;
function watch(): void {
  clearInterval(looks);
  looks = setInterval(() => {
    if (![...kiosks.values()].every((kiosk) => kiosk.isSynced())) return;
    clearInterval(looks);
    say({ kind: 'synced' });
  }, 10);
}

async function live(loans: number): Promise<void> {
  for (const kiosk of kiosks.values()) {
    kiosk.live(loans);
    await new Promise((resolve) => setImmediate(resolve));
  }
  say({ kind: 'lived' });
  watch();
}

process.on('message', (message: ToKiosks) => {
  if (message.kind === 'live') void live(message.loans);
  else
    say({
      kind: 'digests',
      digests: Object.fromEntries([...kiosks].map(([id, kiosk]) => [id, kiosk.digest()])),
    });
});
process.on('SIGTERM', () => {
  Promise.all([...kiosks.values()].map((kiosk) => kiosk.close())).then(() => process.exit(0), process.exit);
});
say({ kind: 'ready' });
watch();

const boards = new Map([[boardId('main'), [1, 2, 3, 4].map(lockerNo)]]);

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
function startFleetKiosk(
  kiosk: KioskId,
  folder: string,
  brokerUrl: string,
  roots: KeyRing,
  onOnline: (online: boolean) => void,
): FleetKiosk {
  const journal = openAt(join(folder, 'journal.db'));
  const wired = wireKiosk({
    ...barePorts(kiosk, street, brokerUrl, boards),
    journal,
    key: loadOrMakeKioskKey(folder),
    roots,
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
