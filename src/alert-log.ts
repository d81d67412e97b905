import { type Alert, alertsOf } from './circulation/alerts.js';
import type { State } from './circulation/state.js';
import { faultCatalogue } from './kernel/faults.js';
import type { Log } from './kernel/log.js';

const keyOf = ({ code, locker, board }: Alert) => `${code} ${locker ?? board ?? ''}`;

/** Writes each alert once when it is raised, with its remedy, and once when it is cleared. */
export function createAlertLog(log: Log): (state: State) => void {
  let standing: ReadonlyMap<string, Alert> = new Map();
  return (state) => {
    const now = new Map(alertsOf(state).map((alert) => [keyOf(alert), alert]));
    for (const [key, alert] of now) {
      if (!standing.has(key))
        log.warn({ ...alert, remedy: faultCatalogue[alert.code].remedy }, 'alert raised');
    }
    for (const [key, alert] of standing) if (!now.has(key)) log.info({ ...alert }, 'alert cleared');
    standing = now;
  };
}
