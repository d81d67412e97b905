import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { realWait, type Wait } from '../kernel/wait.js';
import type { Journal } from './journal.js';

/** What the recovery of a journal needs. */
export interface RecoveryOptions {
  readonly journal: Pick<Journal, 'failure' | 'recover'>;
  readonly log: Log;
  /** The journal can be written again; `ledger` is what it contains. */
  onRecovered(ledger: Ledger): void;
  /** Overrides `limits.journalRetryMs`. */
  readonly retryMs?: number;
  /** Overrides the machine's timers, where time is simulated. */
  readonly wait?: Wait;
}

/** Retries a failed journal until it can be written. Returns the function that stops it. */
export function startRecovery(options: RecoveryOptions): () => void {
  const { journal, log, wait = realWait, retryMs = limits.journalRetryMs } = options;
  let lastLogged = '';
  const look = () => {
    if (journal.failure() !== null) {
      const ledger = attemptRecovery(journal, (fault) => {
        if (fault.message !== lastLogged) log.error({ code: fault.code }, fault.message);
        lastLogged = fault.message;
      });
      if (ledger) {
        lastLogged = '';
        log.info({}, 'journal recovered');
        options.onRecovered(ledger);
      }
    }
    cancel = wait(retryMs, look);
  };
  let cancel = wait(retryMs, look);
  return () => cancel();
}

function attemptRecovery(journal: Pick<Journal, 'recover'>, onFault: (fault: Fault) => void): Ledger | null {
  try {
    return journal.recover();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault(error);
    return null;
  }
}
