import t from 'tap';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { framesIn, plug, watch } from '../../support/board-events.js';
import { mega24, PluggedBoard } from '../../support/plugged-board.js';
import type { LineFault } from '../../support/plugged-device.js';
import { virtualHost } from '../../support/virtual-host.js';

/** Pins that the cabinet of 24 leaves free. */
const [sensorPin, otherSensorPin] = [2, 3];

/** Loses the reports on items until all doors have been known in two answers. */
function losingItems(): LineFault {
  let answers = 0;
  return (bytes) => {
    const frames = framesIn(bytes);
    const lost = answers < 2 && frames.some(({ message }) => message.kind === 'items');
    answers += frames.filter(
      ({ message, sequence }) => message.kind === 'doors' && message.known === 7 && sequence > 0,
    ).length;
    if (!lost) return bytes;
    const others = frames.filter(({ message }) => message.kind !== 'items');
    return Uint8Array.from(others.flatMap((frame) => [...encodeFrame(frame)]));
  };
}

t.test('knows at once what is behind the doors that have a sensor, and hears of every change', async (t) => {
  const [first, second, third] = mega24.lockers;
  if (!first || !second || !third) throw new Error('no lockers');
  const description = {
    ...mega24,
    lockers: [
      { ...first, itemPin: sensorPin },
      { ...second, itemPin: otherSensorPin, itemSwitch: 'closed-when-absent' as const },
      third,
    ],
  };
  const plugged = new PluggedBoard(virtualHost(t), description);
  const sense = (pin: number, level: 'low' | 'released') =>
    plugged.act(() => plugged.machine.drivePin(pin, level));
  sense(sensorPin, 'low');
  sense(otherSensorPin, 'low');
  plugged.fromBoard = losingItems();
  const { next, of } = watch(t, { ...plugged.at, description });
  t.same(
    [...(await next('ready')).items],
    [
      [1, 'present'],
      [2, 'absent'],
      [3, 'unknown'],
    ],
  );
  sense(sensorPin, 'released');
  t.same(await next('item'), { kind: 'item', locker: 1, item: 'absent' });
  sense(otherSensorPin, 'released');
  t.same(await next('item', 2), { kind: 'item', locker: 2, item: 'present' });
  t.same(of('door'), []);
});

t.test('takes a restless switch for a fault, not for a hundred doors', async (t) => {
  const plugged = plug(t);
  const watched = watch(t, { ...plugged.at, description: mega24 });
  await watched.next('ready');
  plugged.act(() => plugged.cabinet.chatter(7, 40));
  t.same(await watched.next('chatter'), { kind: 'chatter', locker: 7, chatters: true });
  await plugged.at.host.timers.until(() => watched.of('door').at(-1)?.door === 'unknown');
  const told = watched.of('door').length;
  t.ok(told < 15, `${told} door events before the board gave up`);

  await watched.board.close();
  const again = watch(t, { ...plugged.at, description: mega24 });
  const { chattering, doors } = await again.next('ready');
  t.same([...chattering], [7], 'a new connection hears of it at once');
  t.equal(doors.get(lockerNo(7)), 'unknown');
  t.same(again.of('door'), []);

  plugged.act(() => plugged.cabinet.quiet(7));
  t.same(await again.next('chatter'), { kind: 'chatter', locker: 7, chatters: false });
  await plugged.at.host.timers.until(() => again.of('door').at(-1)?.door === 'closed');
});
