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
import { createRequestHandler } from '../monitoring/requests.js';
import type { DocumentStore } from './document-store.js';

/** The configuration and the machine's data that monitoring reports. */
export interface MonitoringPort {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'name' | 'place' | 'monitoring' | 'cabinet'>;
  /** The newest log lines, for the `logs` request. */
  readonly tail: Pick<LogTail, 'lines'>;
  /** Reads disk, memory and processor of the machine. */
  readVitals(): MachineVitals;
}

/** The parts of a kiosk that its monitoring reads. */
export interface KioskMonitoringParts {
  readonly kiosk: { readonly state: State };
  readonly journal: Journal;
  readonly documents: Pick<DocumentStore, 'versions'>;
  readonly session: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
  /** How many pages show the screen. */
  pages(): number;
  /** Highlights the screen, so that somebody on site finds the kiosk. */
  identify(): void;
}

/** The monitoring of one kiosk, with the handlers that the link calls. */
export interface KioskMonitoring
  extends Omit<Monitoring, 'publishDiscovery'>,
    Pick<LinkOptions, 'onRequest' | 'listen'> {
  /** The reader was connected or lost. */
  readerChanged(state: Health['reader']): void;
}

/** Makes the monitoring of one kiosk: health, alerts, discovery and answers to requests. */
export function createKioskMonitoring(port: MonitoringPort, parts: KioskMonitoringParts): KioskMonitoring {
  const { config, tail, readVitals } = port;
  const { journal, log, wait, pages, identify } = parts;
  let reader: Health['reader'] = 'lost';
  const healthInputs = createHealthInputs({ ...parts, readVitals, reader: () => reader });
  const monitoring = createMonitoring({ config, log, healthInputs, wait });
  return {
    start: (link) => monitoring.start(link),
    stateChanged: () => monitoring.stateChanged(),
    publishAll: () => monitoring.publishAll(),
    close: () => monitoring.close(),
    readerChanged(state) {
      reader = state;
      monitoring.stateChanged();
    },
    onRequest: createRequestHandler({
      config,
      log,
      tail,
      healthInputs,
      pages,
      identify,
      probeJournal: () => probeJournal(journal),
    }),
    ...homeAssistantListener(config, () => monitoring.publishDiscovery()),
  };
}

/** Calls `onStart` on Home Assistant's birth message: after its start it needs every description again. */
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

/** Writes a test document to the journal; returns the code of the fault, or null. */
function probeJournal(journal: Journal): FaultCode | null {
  try {
    journal.saveDocument('self-test', 1, {});
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}
