import t from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { createLogTail } from '../../src/machine/log-tail.js';

t.test('the newest lines are kept, each with its time, and no more than so many', async (t) => {
  const written: string[] = [];
  const full = { ...silentLog, warn: (_fields: object, message: string) => void written.push(message) };
  const { log, lines } = createLogTail(full, () => 0);
  log.warn({ code: 'board.lost', err: new Error('gone') }, 'the board is lost');
  log.debug({}, 'a detail');
  t.strictSame(written, ['the board is lost']);
  t.strictSame(
    lines(9).map((line) => JSON.parse(line)),
    [
      {
        at: '1970-01-01T00:00:00.000Z',
        level: 'warn',
        code: 'board.lost',
        err: 'gone',
        message: 'the board is lost',
      },
    ],
  );
  for (let n = 0; n < 3 * limits.logTailLength; n += 1) log.info({ n }, 'x'.repeat(9_999));
  t.equal(lines(9_999).length, limits.logTailLength);
  t.match(lines(1), [new RegExp(`"n":${3 * limits.logTailLength - 1}`)]);
  t.ok(lines(1)[0]?.length === limits.logTailLineBytes);
});
