import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { journalCommand, type Outcome } from '../../../scripts/technician/journal/main.js';

import { explainFault } from '../../../scripts/technician/support/command.js';
import type { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { displayWidth } from '../../../src/terminal/columns.js';
import { runCommand } from '../../../src/terminal/command.js';
import { loan, moment, openIn } from '../../journal/support.js';
import { runTool } from './technician.js';

/** What a technician reads of a command, and whether all was well; it must fit a photo of the screen. */
async function journalTool(t: Test, ...args: readonly string[]): Promise<Outcome> {
  let outcome: Outcome = { isGood: false, text: '' };
  const command = journalCommand((reported) => {
    outcome = reported;
  });
  const explain = (fault: Fault) => {
    outcome = { isGood: false, text: explainFault(fault) };
    return '';
  };
  await runCommand(command, args, explain);
  const lines = outcome.text.split('\n').filter((line) => !line.includes('/'));
  const longest = Math.max(...lines.map(displayWidth));
  t.ok(longest <= 60, `${longest} columns`);
  return outcome;
}

/** The folder of a kiosk that is stopped: some loans, of which the last is not acknowledged. */
function stoppedKiosk(t: Test) {
  const folder = t.testdir();
  const journal = openIn(t, folder, { warmUpRuns: 0 });
  for (let n = 0; n < 40; n += 1) journal.append(moment(n * 86_400_000), loan(n, n % 2 === 0));
  journal.markSent(journal.lastPosition() - 5);
  journal.close();
  return { folder, file: join(folder, 'journal.db') };
}

t.test('a damaged journal is found, repaired, and good again', async (t) => {
  const { folder, file } = stoppedKiosk(t);
  t.match(await journalTool(t, 'check', file), { isGood: true, text: /1 – 260[\s\S]*255[\s\S]*✓ 账本完好/ });
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 12 * limits.journalPageBytes, 13 * limits.journalPageBytes);
  writeFileSync(file, bytes);
  t.match(await journalTool(t, 'check', file), { isGood: false, text: /✗ journal\.damaged[\s\S]*repair/ });
  t.match(await journalTool(t, 'repair', file), { isGood: true, text: /✓ 账本已修复，到第 260 条/ });
  t.match(await journalTool(t, 'check', file), { isGood: true, text: /✓ 账本完好/ });
  t.strictSame(readdirSync(folder), ['journal.db', 'journal.db.damaged-1']);
});

t.test('a journal is backed up, made smaller, and put back', async (t) => {
  const { folder, file } = stoppedKiosk(t);
  const stick = join(folder, 'stick');
  t.match(
    await journalTool(t, 'backup', file, '--to', stick),
    { isGood: false, text: /第二存储/ },
    'no medium',
  );
  mkdirSync(stick);
  t.match(await journalTool(t, 'backup', file, '--to', stick), { isGood: true, text: /✓ 备份完成/ });
  t.match(await journalTool(t, 'compact', file, '--days', '10'), { isGood: true, text: /✓ 整理了 1\d\d 条/ });
  const compacted = readFileSync(file);
  t.match(await journalTool(t, 'restore', file, '--from', stick), {
    isGood: true,
    text: /✓ 已恢复到第 260 条/,
  });
  t.ok(readFileSync(`${file}.replaced-1`).equals(compacted));
});

t.test('what cannot be done is refused in plain words, and nothing is changed', async (t) => {
  const { folder, file } = stoppedKiosk(t);
  const journal = openIn(t, folder);
  for (const command of ['check', 'repair', 'compact']) {
    t.match(await journalTool(t, command, file), { isGood: false, text: /先把它停下/ }, command);
  }
  journal.close();
  const before = readFileSync(file);
  t.match(await journalTool(t, 'check', join(folder, 'none.db')), { isGood: false, text: /there is no/ });
  t.match(await journalTool(t, 'restore', file, '--from', folder), { isGood: false, text: /no good backup/ });
  t.ok(readFileSync(file).equals(before));
});

t.test(
  'the program ends with 0 when all is well, with 1 when something is wrong, with 2 when it was called wrongly',
  async (t) => {
    const { folder, file } = stoppedKiosk(t);
    for (const [args, code, out, err] of [
      [['check', file], 0, /✓/, /^$/],
      [['check', join(folder, 'none.db')], 1, /^$/, /✗ there is no/],
      [['mend', file], 2, /^$/, /^error: unknown command 'mend'\n$/],
      [['restore', file], 2, /^$/, /^error: required option '--from <folder>' not specified\n$/],
    ] as const) {
      const tool = runTool(t, 'journal', args);
      t.equal(await tool.ended, code);
      t.match(tool.out(), out);
      t.match(tool.err(), err);
    }
  },
);

t.test('every command of the journal’s README is one of the tool', async (t) => {
  const readme = readFileSync(new URL('src/journal/README.md', packageRoot), 'utf8');
  const named = [...readme.matchAll(/npm run journal -- (\w+)/g)].map(([, name = '']) => name);
  t.strictSame([...new Set(named)].sort(), ['backup', 'check', 'compact', 'repair', 'restore']);
});
