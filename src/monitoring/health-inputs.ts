import { readFileSync } from 'node:fs';
import type { State } from '../circulation/state.js';
import type { Health } from '../contract/monitoring-messages.js';
import type { Journal } from '../journal/journal.js';
import { limits } from '../kernel/limits.js';
import { packageRoot } from '../kernel/package-root.js';
import type { Clock } from '../kernel/time.js';
import type { MachineVitals } from '../machine/vitals.js';
import type { JournalFacts, KioskFacts } from './health.js';

/** Where the inputs of a kiosk's health come from. */
export interface HealthSources {
  readonly kiosk: { readonly state: State };
  readonly clock: Clock;
  readonly session: string;
  readonly journal: Journal;
  /** The catalogue's documents that the kiosk has. */
  readonly documents: { versions(): Health['documents'] };
  machine(): MachineVitals;
  reader(): Health['reader'];
}

const packageFile = new URL('package.json', packageRoot);

/** Makes the function that gathers the inputs of a kiosk's health. The machine is asked once in a while only: that is slower than all else. */
export function createHealthInputs(sources: HealthSources): () => KioskFacts {
  const { kiosk, clock, session, journal, documents } = sources;
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const begun = clock.now().elapsedMs;
  let machine = sources.machine();
  let askedAt = begun;
  return () => {
    const moment = clock.now();
    if (moment.elapsedMs - askedAt >= limits.healthEveryMs / 2) {
      machine = sources.machine();
      askedAt = moment.elapsedMs;
    }
    return {
      state: kiosk.state,
      moment,
      session,
      uptimeS: Math.floor((moment.elapsedMs - begun) / 1_000),
      version,
      journal: journalFacts(journal),
      machine,
      reader: sources.reader(),
      documents: documents.versions(),
    };
  };
}

function journalFacts(journal: Journal): JournalFacts {
  const { epoch } = journal;
  const sentMark = journal.sentMark();
  const [oldest] = journal.read(Math.max(sentMark, journal.prunedUpTo()) + 1, 1);
  return {
    epoch,
    position: journal.lastPosition(),
    sentMark,
    oldestUnsentAt: oldest?.at ?? null,
    failure: journal.failure()?.code ?? null,
  };
}
