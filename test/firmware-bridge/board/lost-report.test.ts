import t from 'tap';
import { plugAndWait } from '../../support/board-events.js';

t.test('a door whose report is lost on the wire is known all the same a moment later', async (t) => {
  const { plugged, next } = await plugAndWait(t);
  let lost = 0;
  plugged.fromBoard = (bytes) => {
    const isReport = bytes[1] === 0x0b;
    if (!isReport || lost > 0) return bytes;
    lost += 1;
    return new Uint8Array();
  };
  plugged.act(() => plugged.cabinet.forceDoor(7));
  t.match(await next('door'), { locker: 7, door: 'open' });
  t.equal(lost, 1);
});
