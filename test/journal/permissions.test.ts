import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Fault } from '../../src/kernel/faults.js';
import { moment, oneLoan, openIn } from './support.js';

const modeOf = (file: string) => statSync(file).mode & 0o777;

t.test('only its owner can use the files, whatever the umask', async (t) => {
  for (const umask of [0, 0o027, 0o777]) {
    const folder = t.testdir();
    const before = process.umask(umask);
    try {
      const journal = openIn(t, folder);
      journal.append(moment(), oneLoan(1));
      const file = join(folder, 'journal.db');
      t.strictSame([modeOf(file), modeOf(`${file}-wal`)], [0o600, 0o600], umask.toString(8));
      journal.close();
    } finally {
      process.umask(before);
    }
  }
});

t.test('permissions that are too wide are reported and narrowed', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'journal.db');
  openIn(t, folder).close();
  chmodSync(file, 0o644);
  const remarks: Fault[] = [];
  const open = () => openIn(t, folder, { onCorrected: (fault) => remarks.push(fault) });
  open().close();
  t.match(remarks, [{ code: 'journal.rights', message: /other users could use .*journal\.db/ }]);
  t.equal(modeOf(file), 0o600);
  open();
  t.equal(remarks.length, 1, 'once');
});

t.test('a file of another user is not changed', { skip: process.getuid?.() !== 0 }, async (t) => {
  const folder = t.testdir();
  openIn(t, folder).close();
  chownSync(join(folder, 'journal.db'), 12_345, 12_345);
  t.throws(() => openIn(t, folder), { code: 'journal.rights', message: /belongs to user 12345/ });
});
