import type { MegaBoard } from '../../hardware/cabinet.js';
import { limits } from '../../src/kernel/limits.js';
import { type MessageOf, settingsCrcOf } from './wire.js';

/** What the board is told about its cabinet, in the order of the wire. */
export interface BoardSettings {
  readonly settings: MessageOf<'settings'>;
  readonly lockers: readonly MessageOf<'locker'>[];
  readonly apply: MessageOf<'apply'>;
}

/** A cabinet description as the board's settings. */
export function settingsOf(cabinet: MegaBoard): BoardSettings {
  const settings = {
    kind: 'settings',
    lockers: cabinet.lockers.length,
    pulseMaxMs: limits.pulseMaxMs,
    hostSilenceMs: limits.hostSilenceMs,
    debounceMs: cabinet.debounceMs,
    flags: cabinet.relays === 'active-low' ? 1 : 0,
  } as const;
  const lockers = cabinet.lockers
    .map(({ locker, lockPin, doorPin, doorSwitch }) => {
      const flags = doorSwitch === 'closed-when-open' ? 1 : 0;
      return { kind: 'locker', locker, lockPin, doorPin, flags } as const;
    })
    .sort((a, b) => a.locker - b.locker);
  return { settings, lockers, apply: { kind: 'apply', settingsCrc: settingsCrcOf(settings, lockers) } };
}
