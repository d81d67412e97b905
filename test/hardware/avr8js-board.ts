import type { MegaBoard } from '../../hardware/cabinet.js';
import { PluggedBoard } from '../support/plugged-board.js';
import { type HardwareBoard, LockWatch, switchOf, timerMask } from './hardware-board.js';

/** The firmware on avr8js, in this process. `folder` holds the name of the port. */
export async function openAvr8jsBoard(folder: string, wiring: MegaBoard): Promise<HardwareBoard> {
  const plugged = new PluggedBoard(folder, wiring);
  const { machine } = plugged;
  const watch = new LockWatch(wiring);
  machine.onPinChange((pin, level) =>
    watch.changed(pin, level === 'high' || level === 'low' ? level : 'input', machine.elapsedMs),
  );
  let watchdogResets = 0;
  machine.onReset((cause) => {
    watch.reset(machine.elapsedMs);
    if (cause === 'watchdog') watchdogResets += 1;
  });
  return {
    path: plugged.path,
    async door(locker, door) {
      const { pin, drive } = switchOf(wiring, locker, door);
      plugged.act(() => machine.drivePin(pin, drive));
    },
    locksOn: async () => plugged.act(() => watch.locksOn),
    onTimes: async () => plugged.act(() => watch.onTimes),
    async reset(cause) {
      plugged.act(() => {
        if (cause === 'external') return machine.reset('external');
        machine.powerOff();
        machine.powerOn();
      });
    },
    drivenAfterMs: async () => plugged.act(() => watch.drivenAfterMs),
    stopTicks: async () => plugged.act(() => machine.poke(timerMask, 0)),
    watchdogResets: async () => plugged.act(() => watchdogResets),
    unplug: async () => plugged.unplug(),
    plug: async () => plugged.plug(),
    close: async () => plugged.close(),
  };
}
