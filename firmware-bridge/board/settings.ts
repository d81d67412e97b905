import type { MegaBoard, MegaLocker } from '../../hardware/cabinet.js';
import { limits } from '../../src/kernel/limits.js';
import { type MessageOf, settingsCrcOf } from './wire.js';

/** What the board is told about its cabinet, in the order of the wire. */
export interface BoardSettings {
  readonly settings: MessageOf<'settings'>;
  readonly lockers: readonly MessageOf<'locker'>[];
  readonly apply: MessageOf<'apply'>;
}

/** Stands for an item switch that is not fitted. */
const noPin = 0;

/** A board's description as its settings; the board counts its lockers from 1 in the order of the description. */
export function settingsOf(description: MegaBoard): BoardSettings {
  const settings = {
    kind: 'settings',
    lockers: description.lockers.length,
    pulseMaxMs: description.coil.longPulseMs,
    restMs: description.coil.restMs,
    hostSilenceMs: limits.hostSilenceMs,
    debounceMs: description.debounceMs,
    locksOnMax: description.locksOnMax,
    flags: description.relays === 'active-low' ? 1 : 0,
  } as const;
  const lockers = description.lockers.map((each, index) => {
    const { lockPin, doorPin, itemPin = noPin } = each;
    return { kind: 'locker', locker: index + 1, lockPin, doorPin, itemPin, flags: flagsOf(each) } as const;
  });
  return { settings, lockers, apply: { kind: 'apply', settingsCrc: settingsCrcOf(settings, lockers) } };
}

function flagsOf({ doorSwitch, itemPin, itemSwitch }: MegaLocker): number {
  const isClosedByItem = itemPin !== undefined && itemSwitch === 'closed-when-present';
  return (doorSwitch === 'closed-when-open' ? 1 : 0) | (isClosedByItem ? 2 : 0);
}
