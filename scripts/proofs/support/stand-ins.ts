import { readFileSync } from 'node:fs';
import type { CabinetBoards } from '../../../firmware-bridge/board/index.js';
import type { Settings } from '../../../src/circulation/decide.js';
import { defaultPolicy } from '../../../src/circulation/directory.js';
import { defaultTimeouts } from '../../../src/circulation/timeouts.js';
import type { KioskId } from '../../../src/kernel/ids.js';
import { silentLog } from '../../../src/kernel/log.js';
import { type Clock, elapsedMs, epochMs } from '../../../src/kernel/time.js';
import type { KioskPorts } from '../../../src/kiosk/wire-kiosk.js';
import { createKeyRing, type KeyRing, loadVerifyingKey } from '../../../src/passes/keys.js';

/** The boards of a kiosk without a cabinet: `unlock` gets every unlock, and nothing is reported by themselves. */
export function boardsOnly(unlock: CabinetBoards['unlock'] = () => undefined): KioskPorts['boards'] {
  return () => ({ start: () => undefined, unlock, close: async () => undefined });
}

/** Ports of a kiosk without devices and screen, with the defaults of a street; whoever proves something replaces some. */
export function barePorts(kiosk: KioskId, street: string, brokerUrl: string, boards: Settings['boards']) {
  return {
    config: { kiosk, street, link: { brokerUrl } },
    settings: { boards, policy: defaultPolicy, waits: defaultTimeouts },
    clock: believedClock,
    log: silentLog,
    restart: () => undefined,
    boards: boardsOnly(),
  } satisfies Partial<KioskPorts>;
}

/** The ring of the one key in the PEM `file`. */
export const ringIn = (file: string): KeyRing =>
  createKeyRing([loadVerifyingKey(readFileSync(file, 'utf8'))]);

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
