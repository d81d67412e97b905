import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { applyEvent, emptyLedger, lockerOf } from '../../src/circulation/ledger.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { moment, openIn } from './support.js';

/** A folder with the journal that the first release left. */
function folderOfFirstRelease(t: Test): string {
  const folder = t.testdir();
  const db = new Database(join(folder, 'journal.db'));
  db.exec(readFileSync(new URL('test/journal/first-release.sql', packageRoot), 'utf8'));
  db.close();
  return folder;
}

t.test('a journal of the first release opens with all that it knew', async (t) => {
  const journal = openIn(t, folderOfFirstRelease(t));
  t.equal(journal.epoch, '0f4e1c9b7a6d5e32');
  t.equal(journal.lastPosition(), 10);
  t.equal(journal.sentMark(), 7);
  t.match(journal.document('holdings'), { version: 3 });
  t.match(lockerOf(journal.load(), lockerNo(2)), { intent: { visit: 4, opened: false }, withheld: null });
});

t.test('its tables are what its events add up to, with what this release counts besides', async (t) => {
  const journal = openIn(t, folderOfFirstRelease(t));
  const events = journal.read(1, 100).map(({ event }) => event);
  t.strictSame(journal.load(), events.reduce(applyEvent, emptyLedger));
  const missed = [1, 2, 3].map((locker) => lockerOf(journal.load(), lockerNo(locker)).missed);
  t.same(missed, [0, 0, 1], 'visits that found the door shut, since it last opened');
});

t.test('what this release says of a locker can be written to it, and is there after reopening', async (t) => {
  const folder = folderOfFirstRelease(t);
  const journal = openIn(t, folder);
  journal.append(moment(), [{ type: 'locker-withheld', locker: lockerNo(3), reason: 'did-not-open' }]);
  journal.close();
  t.equal(lockerOf(openIn(t, folder).load(), lockerNo(3)).withheld, 'did-not-open');
});
