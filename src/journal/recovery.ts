import type { Ledger } from '../circulation/ledger.js';
import { Fault } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { realWait, type Wait } from '../kernel/wait.js';
import type { Journal } from './journal.js';

/** What a watch over a journal needs. */
export interface RecoveryOptions {
  readonly journal: Pick<Journal, 'failure' | 'recover'>;
  readonly log: Log;
  /** The journal can be written again; `ledger` is what is really in it. */
  onRecovered(ledger: Ledger): void;
  /** Overrides `limits.journalRetryMs`. */
  readonly retryMs?: number;
  /** Overrides the machine's timers, where time is simulated. */
  readonly wait?: Wait;
}

/** Looks after a journal that may fail: opens it anew again and again until it can be written. Returns what ends it. */
export function startRecovery(options: RecoveryOptions): () => void {
  const { journal, log, wait = realWait, retryMs = limits.journalRetryMs } = options;
  let said = '';
  const look = () => {
    if (journal.failure() !== null) {
      const ledger = attemptRecovery(journal, (fault) => {
        if (fault.message !== said) log.error({ code: fault.code }, fault.message);
        said = fault.message;
      });
      if (ledger) {
        said = '';
        log.info({}, 'the journal can be written again');
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
