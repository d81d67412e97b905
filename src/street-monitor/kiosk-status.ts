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

/** The last messages of one kiosk. */
export interface KioskStatus {
  readonly kiosk: KioskId;
  readonly state: OnlineState | null;
  readonly health: Health | null;
  readonly station: Station | null;
  readonly alerts: Alerts['alerts'];
}

/** The kiosks of a street, by name. */
export type Street = ReadonlyMap<KioskId, KioskStatus>;

const schemas = { state: stateSchema, health: healthSchema, station: stationSchema, alerts: alertsSchema };

/** The topic filters of a monitor; `+` for all streets of a broker. */
export const topicFilters = (street: string): string[] =>
  Object.keys(schemas).map((name) => `lening/v1/${street}/+/${name}`);

/** The street after a message; the same object if the message is not one of these. Pure. */
export function applyMessage(street: Street, topic: string, payload: Uint8Array): Street {
  const [, , , name = '', what = ''] = topic.split('/');
  if (name === 'catalogue' || !idPattern.kiosk.test(name)) return street;
  const kiosk = kioskId(name);
  const before = street.get(kiosk) ?? { kiosk, state: null, health: null, station: null, alerts: [] };
  const after = withMessage(before, what, payload);
  return after === before || street.size >= limits.monitorKiosksLength
    ? street
    : new Map([...street, [kiosk, after]].sort() as [KioskId, KioskStatus][]);
}

function withMessage(kiosk: KioskStatus, what: string, payload: Uint8Array): KioskStatus {
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
 * Whether a kiosk is online. A last will counts for its own session only, and a kiosk without a health message for three
 * minutes is offline, whatever its state topic has.
 */
export function isOnline({ state, health }: KioskStatus, nowMs: number): boolean {
  const isRecent = health !== null && nowMs - health.at < 3 * limits.healthEveryMs;
  if (state === null || health === null) return state?.online ?? false;
  return isRecent && (state.online || state.session !== health.session);
}
