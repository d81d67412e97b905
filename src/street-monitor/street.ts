import type { z } from 'zod';
import {
  type Alerts,
  alertsSchema,
  type Health,
  healthSchema,
  type Station,
  stationSchema,
} from '../contract/monitoring-messages.js';
import { readPayload } from '../contract/payload.js';
import { type OnlineState, stateSchema } from '../contract/topics.js';
import { idPattern, type KioskId, kioskId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';

/** What one kiosk has said of itself. */
export interface SeenKiosk {
  readonly kiosk: KioskId;
  readonly state: OnlineState | null;
  readonly health: Health | null;
  readonly station: Station | null;
  readonly alerts: Alerts['alerts'];
}

/** What is known of a street, by the names of its kiosks. */
export type Street = ReadonlyMap<KioskId, SeenKiosk>;

const schemas = { state: stateSchema, health: healthSchema, station: stationSchema, alerts: alertsSchema };

/** The topics a monitor listens to; `+` for all streets of a broker. */
export const filtersOf = (street: string): string[] =>
  Object.keys(schemas).map((name) => `lening/v1/${street}/+/${name}`);

/** The street after a message; unchanged by one that is none of these. Pure. */
export function seen(street: Street, topic: string, payload: Uint8Array): Street {
  const [, , , name = '', what = ''] = topic.split('/');
  if (name === 'catalogue' || !idPattern.kiosk.test(name)) return street;
  const kiosk = kioskId(name);
  const before = street.get(kiosk) ?? { kiosk, state: null, health: null, station: null, alerts: [] };
  const after = withMessage(before, what, payload);
  return after === before || street.size >= limits.monitorKiosksLength
    ? street
    : new Map([...street, [kiosk, after]].sort() as [KioskId, SeenKiosk][]);
}

function withMessage(kiosk: SeenKiosk, what: string, payload: Uint8Array): SeenKiosk {
  const read = <T>(schema: z.ZodType<T>) => readPayload(schema, payload) ?? null;
  switch (what) {
    case 'state':
      return { ...kiosk, state: read(schemas.state) ?? kiosk.state };
    case 'health':
      return { ...kiosk, health: read(schemas.health) ?? kiosk.health };
    case 'station':
      return { ...kiosk, station: read(schemas.station) ?? kiosk.station };
    case 'alerts':
      return { ...kiosk, alerts: read(schemas.alerts)?.alerts ?? kiosk.alerts };
    default:
      return kiosk;
  }
}

/**
 * Whether a kiosk is there. A will counts for the life that left it only; and a kiosk that has not said how it is for
 * three minutes is not there, whatever stands in its state.
 */
export function isOnline({ state, health }: SeenKiosk, nowMs: number): boolean {
  const isRecent = health !== null && nowMs - health.at < 3 * limits.healthEveryMs;
  if (state === null || health === null) return state?.online ?? false;
  return isRecent && (state.online || state.session !== health.session);
}
