import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { repairFile } from '../../src/journal/repair.js';
import { openJournalOrWait } from '../../src/journal/unavailable-journal.js';
import { limits } from '../../src/kernel/limits.js';
import { loan, moment, openIn, rules } from './support.js';

t.test(
  'a damaged journal is waited for, empty and closed to every write, until it is repaired',
  async (t) => {
    const folder = t.testdir();
    const file = join(folder, 'journal.db');
    const whole = openIn(t, folder);
    for (let n = 0; n < 20; n += 1) whole.append(moment(n), loan(n, n % 2 === 0));
    const before = whole.load();
    whole.close();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 12 * limits.journalPageBytes, 13 * limits.journalPageBytes);
    writeFileSync(file, bytes);

    const journal = openJournalOrWait({ file, ...rules });
    t.teardown(() => journal.close());
    const fault = { code: 'journal.damaged' };
    t.match(journal.failure(), fault);
    t.strictSame([journal.load(), journal.lastPosition(), journal.read(1, 9)], [rules.emptyLedger, 0, []]);
    t.throws(() => journal.append(moment(), loan(50, true)), fault);
    t.throws(() => journal.beginEpoch(moment(), 0), fault);
    t.throws(() => journal.saveDocument('holdings', 1, {}), fault);
    t.throws(() => journal.snapshot(), fault);
    t.throws(() => journal.recover(), fault, 'not repaired yet');
    t.ok(readFileSync(file).equals(bytes), 'the file is as it was');

    repairFile(file, rules);
    t.strictSame(journal.recover().loans, before.loans);
    t.equal(journal.failure(), null);
    journal.append(moment(), loan(50, true));
    t.strictSame(journal.rebuild(), journal.load());
    t.not(journal.epoch, '0000000000000000');
  },
);

t.test('a fault that waiting cannot clear is thrown at once', async (t) => {
  const folder = t.testdir({ 'journal.db': 'a shopping list, long enough to be no header'.repeat(30) });
  t.throws(() => openJournalOrWait({ file: join(folder, 'journal.db'), ...rules }), {
    code: 'journal.foreign',
  });
});
