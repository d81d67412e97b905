import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { writeFault } from '../../src/journal/database.js';
import type { Journal } from '../../src/journal/journal.js';
import { startRecovery } from '../../src/journal/recovery.js';
import { visitNo } from '../../src/kernel/ids.js';
import { recordingLog } from '../support/catalogue.js';
import { until } from '../support/until.js';
import { loan, moment, openIn } from './support.js';

// Node leaves this signal alone; the test runner would end the process.
process.on('SIGXFSZ', () => undefined);

/** Lets this process write nothing into files any more, as on a card that is full; or everything again. */
function setCard(state: 'full' | 'free'): void {
  execFileSync('prlimit', [
    `--pid=${process.pid}`,
    `--fsize=${state === 'full' ? 0 : 'unlimited'}:unlimited`,
  ]);
}

/** A journal with a loan in its log, on a card that is full now. */
function onFullCard(t: Test): Journal {
  const journal = openIn(t, t.testdir());
  for (const event of loan(1, true)) journal.append(moment(1), [event]);
  setCard('full');
  t.teardown(() => setCard('free'));
  return journal;
}

t.test('a full card stops all writing; with free space again the journal can be written', async (t) => {
  const journal = onFullCard(t);
  const before = journal.load();
  t.equal(journal.failure(), null);
  t.throws(() => journal.append(moment(2), loan(2, false)), { code: 'journal.write' });
  t.match(journal.failure(), { code: 'journal.write' });
  t.throws(() => journal.recover(), { code: 'journal.write' }, 'not yet');
  t.throws(() => journal.append(moment(2), loan(2, false)), { code: 'journal.write' });
  t.throws(() => journal.saveDocument('holdings', 1, {}), { code: 'journal.write' });
  t.strictSame([journal.lastPosition(), journal.load()], [8, before], 'what is known stays known');
  t.strictSame([journal.read(1, 10), journal.document('holdings'), journal.housekeep()], [[], null, false]);
  journal.markSent(8);

  setCard('free');
  t.strictSame(journal.recover(), before);
  t.equal(journal.failure(), null);
  t.equal(journal.sentMark(), 8);
  t.equal(journal.read(1, 10).length, 8);
  journal.append(moment(3), loan(2, false));
  t.equal(journal.lastPosition(), 13);
  t.equal(journal.load().nextVisit, visitNo(6));
  t.strictSame(journal.rebuild(), journal.load());
  t.strictSame(journal.recover(), journal.load(), 'asked without need, nothing happens');
});

t.test('a failed slice of housekeeping is a failure too', async (t) => {
  const journal = onFullCard(t);
  journal.markSent(8);
  while (journal.housekeep());
  t.match(journal.failure(), { code: 'journal.write' });
});

t.test('recovery reopens the journal until it can be written, and reports it', async (t) => {
  const journal = onFullCard(t);
  const { log, lines } = recordingLog();
  const ledgers: unknown[] = [];
  let looks = 0;
  const looked = {
    failure: () => journal.failure(),
    recover() {
      looks += 1;
      return journal.recover();
    },
  };
  const onRecovered = (ledger: unknown) => ledgers.push(ledger);
  t.teardown(startRecovery({ journal: looked, log, retryMs: 5, onRecovered }));
  t.throws(() => journal.append(moment(2), loan(2, false)), { code: 'journal.write' });
  await until(() => looks > 2, 'the watch to look again and again');
  t.strictSame(ledgers, []);
  setCard('free');
  await until(() => ledgers.length > 0, 'the journal to be well');
  t.strictSame(ledgers, [journal.load()]);
  journal.append(moment(2), loan(2, false));
  t.strictSame(
    lines.map(({ message }) => message.replace(/\/.*journal\.db/, 'FILE')),
    ['journal.write: FILE cannot be written: the storage reports errors', 'journal recovered'],
    'each thing is said once',
  );
});

t.test('a storage error is reported with a cause that a maintainer can check', async (t) => {
  for (const [code, message] of [
    ['SQLITE_FULL', /journal\.write: .* no space is left$/],
    ['SQLITE_READONLY_DBMOVED', /journal\.write: .* read-only$/],
    ['SQLITE_IOERR_WRITE', /journal\.write: .* the storage reports errors$/],
    ['SQLITE_NOMEM', /journal\.write: .* SQLITE_NOMEM$/],
    ['SQLITE_CORRUPT_VTAB', /journal\.damaged: .* cannot be read$/],
  ] as const) {
    t.match(writeFault({ code }, join('data', 'journal.db')).message, message, code);
  }
});
