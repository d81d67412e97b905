import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import { openJournal } from '../../src/journal/open.js';
import { until } from '../support/until.js';
import { openIn, rules } from './support.js';

const writer = fileURLToPath(new URL('writer.js', import.meta.url));

/** Starts a writing process; `said()` is the last position that it promised. `before` is shell text run first. */
function startWriter(t: Test, file: string, before = ''): { child: ChildProcess; said: () => number } {
  const command = `${before} exec "$0" "$@"`;
  const child = spawn('bash', ['-c', command, process.execPath, writer, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return { child, said: () => Number(/(\d+)\n[^\n]*$/.exec(output)?.[1] ?? 0) };
}

t.test(
  'a second process is refused in plain words while the first lives, and welcome when it crashed',
  async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'journal.db');
    const { child, said } = startWriter(t, file);
    await until(() => said() > 20);
    t.throws(() => openJournal({ file, ...rules }), {
      code: 'journal.busy',
      message: /in use by another process/,
    });
    t.equal(child.exitCode, null, 'the first goes on');
    child.kill('SIGKILL');
    await once(child, 'exit');
    t.ok(openIn(t, folder).lastPosition() > 20);
  },
);

t.test('a second journal on the same file in the same process is refused too', async (t) => {
  const folder = t.testdir();
  openIn(t, folder);
  t.throws(() => openIn(t, folder), { code: 'journal.busy' });
});

t.test(
  'what was promised before SIGKILL is there after it, and the tables agree with the events',
  async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'journal.db');
    for (let round = 1; round <= 5; round += 1) {
      const { child, said } = startWriter(t, `${file}${round}`);
      await until(() => said() > 50 * round);
      child.kill('SIGKILL');
      await once(child, 'close');
      const journal = openIn(t, folder, { file: `${file}${round}` });
      t.ok(journal.lastPosition() >= said(), `${journal.lastPosition()} kept, ${said()} promised`);
      const events = journal.read(1, 100_000);
      t.equal(events.at(-1)?.position, journal.lastPosition());
      t.equal(events.length, journal.lastPosition());
      t.strictSame(journal.load(), events.map(({ event }) => event).reduce(applyEvent, emptyLedger));
      journal.close();
    }
  },
);

t.test('when the card is full, the append fails and earlier events are kept', async (t) => {
  const folder = t.testdir();
  const { child, said } = startWriter(t, join(folder, 'journal.db'), 'ulimit -f 200;');
  let complaint = '';
  child.stderr?.on('data', (text) => {
    complaint += text;
  });
  const [code] = await once(child, 'close');
  t.equal(code, 1);
  t.match(complaint, /journal\.write: .*journal\.db cannot be written/);
  t.ok(said() > 20);
  const journal = openIn(t, folder);
  t.equal(journal.lastPosition(), said());
  t.strictSame(
    journal.load(),
    journal.read(1, 10_000).reduce((ledger, { event }) => applyEvent(ledger, event), emptyLedger),
  );
});
