import type { CabinetBoards } from '../../../firmware-bridge/board/index.js';
import { type Clock, elapsedMs, epochMs } from '../../../src/kernel/time.js';
import type { KioskPorts } from '../../../src/kiosk/wire-kiosk.js';

/** The boards of a kiosk without a cabinet: `unlock` gets every unlock, and nothing is reported by themselves. */
export function boardsOnly(unlock: CabinetBoards['unlock'] = () => undefined): KioskPorts['boards'] {
  return () => ({ start: () => undefined, unlock, close: async () => undefined });
}

/** The machine's clock, believed as it is. */
export const believedClock: Clock = {
  now: () => ({ elapsedMs: elapsedMs(performance.now()), calendarMs: epochMs(Date.now()), trust: 'trusted' }),
};

/** The same object, with some of its members replaced; the others see the original. */
export function overriding<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get(original, key) {
      const source = Object.hasOwn(changes, key) ? changes : original;
      const value: unknown = Reflect.get(source, key);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}
