import type { Alert } from '../circulation/alerts.js';
import type { AlertEvent, StandingAlert } from '../contract/monitoring-messages.js';
import { faultCatalogue } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import type { Moment } from '../kernel/time.js';

/** Keeps what is wrong with a kiosk. */
export interface AlertWatch {
  /** What stands after the last look, in its order. */
  readonly standing: readonly StandingAlert[];
  /** Looks at what is wrong now; the news since the last look, each of which is in the log too. */
  look(alerts: readonly Alert[], moment: Moment): readonly AlertEvent[];
}

const keyOf = ({ code, locker, board }: Pick<Alert, 'code' | 'locker' | 'board'>) =>
  `${code} ${locker ?? board ?? ''}`;

/** Makes a watch under which nothing is wrong yet. */
export function createAlertWatch(log: Log): AlertWatch {
  let standing: ReadonlyMap<string, StandingAlert> = new Map();
  return {
    get standing() {
      return [...standing.values()];
    },
    look(alerts, { calendarMs: since, trust }) {
      const before = standing;
      standing = new Map(
        alerts.map((alert) => {
          const { meaning, remedy } = faultCatalogue[alert.code];
          const key = keyOf(alert);
          return [key, before.get(key) ?? { ...alert, meaning, remedy, since, trust }];
        }),
      );
      const raised = [...standing].filter(([key]) => !before.has(key)).map(([, alert]) => alert);
      const cleared = [...before].filter(([key]) => !standing.has(key)).map(([, alert]) => alert);
      for (const alert of raised) log.warn({ ...placeOf(alert), remedy: alert.remedy }, 'alert raised');
      for (const alert of cleared) log.info(placeOf(alert), 'alert cleared');
      return [
        ...raised.map((alert) => ({ happened: 'raised' as const, ...alert })),
        ...cleared.map((alert) => ({ happened: 'cleared' as const, ...alert, since, trust })),
      ];
    },
  };
}

const placeOf = ({ code, locker, board }: StandingAlert) => ({
  code,
  ...(locker === undefined ? {} : { locker }),
  ...(board === undefined ? {} : { board }),
});
