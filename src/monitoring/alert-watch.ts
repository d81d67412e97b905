import type { Alert } from '../circulation/alerts.js';
import type { ActiveAlert, AlertEvent } from '../contract/monitoring-messages.js';
import { faultCatalogue } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import type { Moment } from '../kernel/time.js';

/** Keeps the active alerts of a kiosk. */
export interface AlertWatch {
  /** The alerts of the last update, in its order. */
  readonly active: readonly ActiveAlert[];
  /** Replaces the active alerts; returns, and logs, which were raised and which were cleared. */
  update(alerts: readonly Alert[], moment: Moment): readonly AlertEvent[];
}

const keyOf = ({ code, locker, board }: Pick<Alert, 'code' | 'locker' | 'board'>) =>
  `${code} ${locker ?? board ?? ''}`;

/** Makes a watch without active alerts. */
export function createAlertWatch(log: Log): AlertWatch {
  let active: ReadonlyMap<string, ActiveAlert> = new Map();
  return {
    get active() {
      return [...active.values()];
    },
    update(alerts, { calendarMs: since, trust }) {
      const previous = active;
      active = new Map(
        alerts.map((alert) => {
          const { meaning, remedy } = faultCatalogue[alert.code];
          const key = keyOf(alert);
          return [key, previous.get(key) ?? { ...alert, meaning, remedy, since, trust }];
        }),
      );
      const raised = [...active].filter(([key]) => !previous.has(key)).map(([, alert]) => alert);
      const cleared = [...previous].filter(([key]) => !active.has(key)).map(([, alert]) => alert);
      for (const alert of raised) log.warn({ ...logFieldsOf(alert), remedy: alert.remedy }, 'alert raised');
      for (const alert of cleared) log.info(logFieldsOf(alert), 'alert cleared');
      return [
        ...raised.map((alert) => ({ happened: 'raised' as const, ...alert })),
        ...cleared.map((alert) => ({ happened: 'cleared' as const, ...alert, since, trust })),
      ];
    },
  };
}

const logFieldsOf = ({ code, locker, board }: ActiveAlert) => ({
  code,
  ...(locker === undefined ? {} : { locker }),
  ...(board === undefined ? {} : { board }),
});
