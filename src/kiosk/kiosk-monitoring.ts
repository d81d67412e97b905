import type { State } from '../circulation/state.js';
import type { Config } from '../config/config.js';
import type { Health } from '../contract/monitoring-messages.js';
import type { Journal } from '../journal/journal.js';
import { Fault, type FaultCode } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import type { Wait } from '../kernel/wait.js';
import type { LinkOptions } from '../link/link.js';
import type { LogTail } from '../machine/log-tail.js';
import type { MachineVitals } from '../machine/vitals.js';
import { createHealthInputs } from '../monitoring/health-inputs.js';
import { createMonitoring, type Monitoring } from '../monitoring/monitoring.js';
import { createRequests } from '../monitoring/requests.js';
import type { Documents } from './document-store.js';

/** What is reported of a kiosk besides its state, and under which names. */
export interface MonitoringPort {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'name' | 'place' | 'monitoring' | 'cabinet'>;
  /** The newest log lines, for maintainers who ask for them. */
  readonly tail: Pick<LogTail, 'lines'>;
  /** Reads what the machine says of itself. */
  machine(): MachineVitals;
}

/** What the monitoring of one kiosk looks at. */
export interface MonitoredParts {
  readonly kiosk: { readonly state: State };
  readonly journal: Journal;
  readonly documents: Pick<Documents, 'versions'>;
  readonly session: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
  /** How many pages show the screen. */
  pages(): number;
  /** Makes the screen stand out, so that somebody on site finds the kiosk. */
  identify(): void;
}

/** The monitoring of one kiosk, with what the link needs of it. */
export interface KioskMonitoring
  extends Omit<Monitoring, 'introduce'>,
    Pick<LinkOptions, 'onRequest' | 'listen'> {
  /** The reader was connected or lost. */
  readerChanged(state: Health['reader']): void;
}

/** Makes the monitoring of one kiosk: health, alerts, discovery and answers to requests. */
export function createKioskMonitoring(port: MonitoringPort, parts: MonitoredParts): KioskMonitoring {
  const { config, tail, machine } = port;
  const { journal, log, wait, pages, identify } = parts;
  let reader: Health['reader'] = 'lost';
  const facts = createHealthInputs({ ...parts, machine, reader: () => reader });
  const monitoring = createMonitoring({ config, log, facts, wait });
  return {
    start: (link) => monitoring.start(link),
    changed: () => monitoring.changed(),
    online: () => monitoring.online(),
    close: () => monitoring.close(),
    readerChanged(state) {
      reader = state;
      monitoring.changed();
    },
    onRequest: createRequests({
      config,
      log,
      tail,
      facts,
      pages,
      identify,
      probeJournal: () => probe(journal),
    }),
    ...homeAssistantListener(config, () => monitoring.introduce()),
  };
}

/** Home Assistant says on its status topic that it has started and knows no device yet. */
function homeAssistantListener(
  { monitoring: { homeAssistant } }: Pick<Config, 'monitoring'>,
  onStart: () => void,
): Pick<LinkOptions, 'listen'> {
  if (homeAssistant === false) return {};
  const onMessage = (payload: Uint8Array) => {
    if (Buffer.from(payload).toString('utf8') === 'online') onStart();
  };
  return { listen: { topic: `${homeAssistant.prefix}/status`, onMessage } };
}

/** Writes a test document where all else is written; the fault that this meets, or null. */
function probe(journal: Journal): FaultCode | null {
  try {
    journal.saveDocument('self-test', 1, {});
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}
