import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { limits } from '../../src/kernel/limits.js';
import { createLog } from '../../src/machine/log.js';

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

t.test('lines are JSON with level, time and message, and are on disk at once', async (t) => {
  const file = join(t.testdir(), 'kiosk.log');
  const log = createLog({ level: 'info', file });
  log.debug({}, 'too quiet to be kept');
  log.warn({ code: 'board.lost' }, 'the board is gone');
  const [line, ...rest] = linesOf(file);
  t.match(line, { level: 40, code: 'board.lost', msg: 'the board is gone', time: /^\d{4}-/ });
  t.strictSame(rest, []);
});

t.test('two files of a fixed size, however much is written', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'kiosk.log');
  const log = createLog({ level: 'info', file });
  const text = 'x'.repeat(10_000);
  for (let n = 0; n < (3 * limits.logFileBytes) / text.length; n++) log.info({ n }, text);
  for (const each of [file, `${file}.1`]) t.ok(statSync(each).size <= limits.logFileBytes + 11_000, each);
});

t.test('its folder is made where missing, and one that cannot be is named', async (t) => {
  const folder = t.testdir({ 'a-file': '' });
  const file = join(folder, 'logs', 'deeper', 'kiosk.log');
  createLog({ level: 'info', file }).info({}, 'here');
  t.match(linesOf(file), [{ msg: 'here' }]);
  const impossible = join(folder, 'a-file', 'kiosk.log');
  t.throws(() => createLog({ level: 'info', file: impossible }), {
    code: 'config.invalid',
    message: /a-file.*cannot be written/,
  });
});

t.test('a full disk costs lines, never the program', async (t) => {
  const file = join(t.testdir(), 'kiosk.log');
  symlinkSync('/dev/full', file);
  const log = createLog({ level: 'info', file });
  t.doesNotThrow(() => log.info({}, 'lost'));
});

t.test('a log that cannot be turned over stops growing, and tells of the gap afterwards', async (t) => {
  const file = join(t.testdir(), 'kiosk.log');
  const inTheWay = `${file}.1`;
  const log = createLog({ level: 'info', file });
  mkdirSync(join(inTheWay, 'something'), { recursive: true });
  log.info({}, 'x'.repeat(limits.logFileBytes));
  const fullBytes = statSync(file).size;
  log.info({}, 'lost');
  log.info({}, 'lost too');
  t.equal(statSync(file).size, fullBytes);
  rmSync(inTheWay, { recursive: true });
  log.info({}, 'after');
  t.match(linesOf(file), [{ lostLines: 2 }, { msg: 'after' }]);
});
