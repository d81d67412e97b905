import { readFileSync } from 'node:fs';
import type { State } from '../circulation/state.js';
import type { Health } from '../contract/monitoring-messages.js';
import type { Journal } from '../journal/journal.js';
import { limits } from '../kernel/limits.js';
import { packageRoot } from '../kernel/package-root.js';
import type { Clock } from '../kernel/time.js';
import type { MachineVitals } from '../machine/vitals.js';
import type { HealthInputs, JournalProgress } from './health.js';

/** The sources of a kiosk's health inputs. */
export interface HealthSources {
  readonly kiosk: { readonly state: State };
  readonly clock: Clock;
  readonly session: string;
  readonly journal: Journal;
  /** The stored documents of the catalogue. */
  readonly documents: { versions(): Health['documents'] };
  readVitals(): MachineVitals;
  reader(): Health['reader'];
}

const packageFile = new URL('package.json', packageRoot);

/**
 * Makes the function that gathers the inputs of a kiosk's health. The machine's vitals are cached for half a report
 * interval, because reading them is slow.
 */
export function createHealthInputs(sources: HealthSources): () => HealthInputs {
  const { kiosk, clock, session, journal, documents } = sources;
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  const startedMs = clock.now().elapsedMs;
  let vitals = sources.readVitals();
  let readAtMs = startedMs;
  return () => {
    const moment = clock.now();
    if (moment.elapsedMs - readAtMs >= limits.healthEveryMs / 2) {
      vitals = sources.readVitals();
      readAtMs = moment.elapsedMs;
    }
    return {
      state: kiosk.state,
      moment,
      session,
      uptimeS: Math.floor((moment.elapsedMs - startedMs) / 1_000),
      version,
      journal: journalProgress(journal),
      machine: vitals,
      reader: sources.reader(),
      documents: documents.versions(),
    };
  };
}

function journalProgress(journal: Journal): JournalProgress {
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
