import { join } from 'node:path';
import t from 'tap';
import { openKioskJournal } from '../src/start-kiosk.js';

t.test('makes a data folder that is missing', async (t) => {
  const journal = openKioskJournal(join(t.testdir(), 'data', 'deeper'));
  t.equal(journal.lastPosition(), 0);
  journal.close();
});

t.test('says so when the data folder is a file', async (t) => {
  const folder = t.testdir({ data: 'a file' });
  t.throws(() => openKioskJournal(join(folder, 'data')), {
    code: 'config.invalid',
    message: /the data folder .*data cannot be made: it is no folder/,
  });
  t.throws(() => openKioskJournal(join(folder, 'data', 'below')), {
    code: 'config.invalid',
    message: /ENOTDIR/,
  });
});
