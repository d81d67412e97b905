import type { Test } from 'tap';
import { EmulatedBoard } from '../../firmware-bridge/emulator/emulated-board.js';
import { WiredCabinet } from '../../firmware-bridge/emulator/wired-cabinet.js';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { newMachine } from '../support/plugged-board.js';
import { virtualHost } from '../support/virtual-host.js';
import { VirtualPlug } from '../support/virtual-plug.js';
import { type HardwareBoard, LockWatch, switchOf, timerMask } from './hardware-board.js';

/** The firmware on avr8js, in this process, in virtual time and on a virtual port. */
export async function openAvr8jsBoard(test: Test, wiring: MegaBoard): Promise<HardwareBoard> {
  const host = virtualHost(test);
  const machine = newMachine();
  const board = new EmulatedBoard({
    name: wiring.board,
    device: machine,
    hands: new WiredCabinet(machine, wiring),
    timers: host.timers,
  });
  const act = <Value>(touch: () => Value): Value => board.hands(touch);
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
    host,
    path: await board.start(async (device) => new VirtualPlug(host, wiring.board, device)),
    async door(locker, door) {
      const { pin, drive } = switchOf(wiring, locker, door);
      act(() => machine.drivePin(pin, drive));
    },
    locksOn: async () => act(() => watch.locksOn),
    onTimes: async () => act(() => watch.onTimes),
    async reset(cause) {
      act(() => {
        if (cause === 'external') return machine.reset('external');
        machine.powerOff();
        machine.powerOn();
      });
    },
    drivenAfterMs: async () => act(() => watch.drivenAfterMs),
    stopTicks: async () => act(() => machine.poke(timerMask, 0)),
    watchdogResets: async () => act(() => watchdogResets),
    unplug: async () => board.unplug(),
    plug: async () => board.plug(),
    close: () => board.close(),
  };
}
