import t from 'tap';
import { plug, watch } from '../../support/board-events.js';
import { mega24 } from '../../support/plugged-board.js';

t.test('a board whose description was lost on the wire is soon asked anew', async (t) => {
  const plugged = plug(t);
  let lost = 0;
  plugged.fromBoard = (bytes) => {
    const isDescription = bytes[1] === 0x6c;
    if (!isDescription || lost > 0) return bytes;
    lost += 1;
    return new Uint8Array();
  };
  const { timers } = plugged.at.host;
  const sinceMs = timers.nowMs;
  const { next } = watch(t, { ...plugged.at, description: mega24 });
  await next('ready');
  t.equal(lost, 1);
  t.ok(timers.nowMs - sinceMs < 6_000, 'not only when all patience is over');
});
