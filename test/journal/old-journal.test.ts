import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import type { Event } from '../../src/circulation/event.js';
import { recordedEventSchema } from '../../src/circulation/event-schema.js';
import { emptyLedger, lockerOf } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import { checkCopy } from '../../src/journal/repair.js';
import { type LockerNo, lockerNo } from '../../src/kernel/ids.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { loan, moment, openIn, rules, tidyUp } from './support.js';

/** The journals that earlier releases left, as SQL. */
const releases = readdirSync(new URL('test/journal/', packageRoot)).filter((name) => name.endsWith('.sql'));

/** A folder with the journal that a release left. */
function folderOf(t: Test, release: string): string {
  const folder = t.testdir();
  const db = new Database(join(folder, 'journal.db'));
  db.exec(readFileSync(new URL(`test/journal/${release}`, packageRoot), 'utf8'));
  db.close();
  return folder;
}

const folderOfFirstRelease = (t: Test) => folderOf(t, 'first-release.sql');

t.test('there is a sample journal for every past version of the tables', async (t) => {
  const versions = releases.map((release) => {
    const text = readFileSync(new URL(`test/journal/${release}`, packageRoot), 'utf8');
    return Number(/user_version = (\d+)/.exec(text)?.[1]);
  });
  t.strictSame(versions.sort(), [1, 2]);
});

for (const release of releases) {
  t.test(`${release}: every event keeps its effect, and the journal can be written`, async (t) => {
    const folder = folderOf(t, release);
    const options = { keepDays: -1, warmUpRuns: 0 };
    const journal = openIn(t, folder, options);
    const events = journal.read(1, 1_000);
    t.equal(events.length, journal.lastPosition());
    for (const each of events) t.ok(recordedEventSchema.safeParse(each).success, `event ${each.position}`);
    const ledger = events.map(({ event }) => event).reduce(applyEvent, emptyLedger);
    t.strictSame(journal.load(), ledger);
    t.strictSame(journal.rebuild(), ledger);
    journal.markSent(journal.lastPosition());
    tidyUp(journal);
    t.equal(journal.prunedUpTo(), events.length, 'all of it can be put away');
    journal.close();
    const again = openIn(t, folder, options);
    t.strictSame(again.load(), ledger);
    again.beginEpoch(moment(1), events.length);
    again.append(moment(2), loan(50, true));
    t.strictSame(again.rebuild(), again.load());
    again.close();
    t.strictSame(checkCopy(join(folder, 'journal.db'), rules).findings, []);
  });
}

t.test('a release with new ledger rules recomputes the ledger once', async (t) => {
  const folder = folderOfFirstRelease(t);
  openIn(t, folder).close();
  /** As if every checkout that was not completed counted as missed. */
  const otherwise: typeof rules.changesOf = (ledger, event) =>
    rules
      .changesOf(ledger, event)
      .map((change) =>
        change.part === 'lockers'
          ? { ...change, row: { ...change.row, missed: change.row.missed + 1 } }
          : change,
      );
  const next = {
    changesOf: otherwise,
    applyEvent: (ledger: typeof emptyLedger, event: Event) => {
      const sum = rules.applyEvent(ledger, event);
      const { locker } = event as { locker: LockerNo };
      const row = { ...lockerOf(sum, locker), missed: lockerOf(sum, locker).missed + 1 };
      return { ...sum, lockers: new Map([...sum.lockers, [locker, row]]) };
    },
  };
  t.throws(() => openIn(t, folder, next), { code: 'journal.damaged' }, 'not without a new number');
  const journal = openIn(t, folder, { ...next, version: rules.version + 1 });
  t.strictSame(journal.rebuild(), journal.load());
  t.ok(lockerOf(journal.load(), lockerNo(1)).missed > 0);
  journal.append(moment(), [{ type: 'locker-withheld', locker: lockerNo(3), reason: 'did-not-open' }]);
  journal.close();
  t.strictSame(openIn(t, folder, { ...next, version: rules.version + 1 }).load(), journal.load());
});

t.test('a journal of the first release opens with all its data', async (t) => {
  const journal = openIn(t, folderOfFirstRelease(t));
  t.equal(journal.epoch, '0f4e1c9b7a6d5e32');
  t.equal(journal.lastPosition(), 10);
  t.equal(journal.sentMark(), 7);
  t.match(journal.document('holdings'), { version: 3 });
  t.match(lockerOf(journal.load(), lockerNo(2)), { intent: { visit: 4, opened: false }, withheld: null });
});

t.test('its tables equal the ledger computed from its events by the rules of this release', async (t) => {
  const journal = openIn(t, folderOfFirstRelease(t));
  const events = journal.read(1, 100).map(({ event }) => event);
  t.strictSame(journal.load(), events.reduce(applyEvent, emptyLedger));
  const missed = [1, 2, 3].map((locker) => lockerOf(journal.load(), lockerNo(locker)).missed);
  t.same(missed, [0, 0, 1], 'visits that found the door shut, since it last opened');
});

t.test('events of this release can be written to it and are kept after reopening', async (t) => {
  const folder = folderOfFirstRelease(t);
  const journal = openIn(t, folder);
  journal.append(moment(), [{ type: 'locker-withheld', locker: lockerNo(3), reason: 'did-not-open' }]);
  journal.close();
  t.equal(lockerOf(openIn(t, folder).load(), lockerNo(3)).withheld, 'did-not-open');
});
