import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { createBackups } from '../../src/journal/backups.js';
import { checkCopy, compactFile, repairFile, restoreFile } from '../../src/journal/repair.js';
import { Fault } from '../../src/kernel/faults.js';
import { patronId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { sorted } from './history.js';
import { hex, loan, moment, openIn, rules, tidyUp } from './support.js';

const page = limits.journalPageBytes;
const unsent = 20;

/** A closed journal of some loans, the last events of it not acknowledged. */
function journalFile(t: Test) {
  const folder = t.testdir();
  const journal = openIn(t, folder, { warmUpRuns: 0 });
  for (let n = 0; n < 16; n += 1) journal.append(moment(n), loan(n, n % 3 === 0));
  journal.append(moment(99), Array(2).fill({ type: 'pin-tried', patron: patronId(hex('cc', 1)) }));
  journal.markSent(journal.lastPosition() - unsent);
  journal.saveDocument('holdings', 7, { titles: [] });
  const before = {
    ledger: sorted(journal.load()),
    events: journal.read(1, 10_000),
    last: journal.lastPosition(),
    epoch: journal.epoch,
  };
  journal.close();
  return { file: join(folder, 'journal.db'), folder, before };
}

function wipe(bytes: Buffer, at: number): Buffer {
  return Buffer.from(bytes).fill(0x5a, at * page, (at + 1) * page);
}

t.test('a check names the damage and changes nothing', async (t) => {
  const { file, folder, before } = journalFile(t);
  const good = checkCopy(file, rules);
  t.strictSame(good.findings, []);
  t.match(good.facts, { epoch: before.epoch, first: 1, last: before.last, sent: before.last - unsent });
  const bytes = wipe(readFileSync(file), 12);
  writeFileSync(file, bytes);
  const { findings, facts } = checkCopy(file, rules);
  t.match(findings, [/journal\.damaged: .*journal\.db: table \w+, page \d+/]);
  t.equal(facts, null);
  t.ok(readFileSync(file).equals(bytes));
  t.strictSame(readdirSync(folder), ['journal.db']);
  t.throws(() => checkCopy(join(folder, 'jurnal.db'), rules), { code: 'journal.foreign' });
  t.notOk(existsSync(join(folder, 'jurnal.db')));
});

t.test('a journal in use is not repaired', async (t) => {
  const { file, folder } = journalFile(t);
  const journal = openIn(t, folder);
  for (const work of [checkCopy, repairFile, compactFile]) {
    t.throws(() => work(file, rules), { code: 'journal.busy' });
  }
  await t.rejects(restoreFile(file, folder, rules), { code: 'journal.busy' });
  t.notOk(readdirSync(folder).some((name) => name.startsWith('.journal-')));
  journal.append(moment(99), loan(99, true));
});

t.test('whichever page is lost, a repaired journal is consistent, and the loss is reported', async (t) => {
  const { file, folder, before } = journalFile(t);
  const good = readFileSync(file);
  const tally = new Map<string, number>();
  for (let at = 0; at < good.length / page; at += 1) {
    const bytes = wipe(good, at);
    writeFileSync(file, bytes);
    const outcome = repaired(t, file, before, at);
    tally.set(outcome, (tally.get(outcome) ?? 0) + 1);
    if (outcome === 'refused') t.ok(readFileSync(file).equals(bytes), 'untouched');
  }
  t.comment(Object.fromEntries(tally));
  for (const outcome of ['whole', 'history', 'untold']) t.ok((tally.get(outcome) ?? 0) > 0, outcome);
  t.ok((tally.get('refused') ?? 0) <= 4, 'the file’s head, its schema, the marks');
  t.notOk(readdirSync(folder).some((name) => name.startsWith('.journal-')));
});

/** Repairs a file whose page `at` is lost, and holds it to what its outcome promises. */
function repaired(
  t: Test,
  file: string,
  before: ReturnType<typeof journalFile>['before'],
  at: number,
): string {
  try {
    const { lost, aside, newEpoch } = repairFile(file, rules);
    t.ok(existsSync(aside));
    const journal = openIn(t, t.testdirName, { file, warmUpRuns: 0 });
    const { parts } = sorted(journal.load());
    const kept = journal.read(1, 10_000).map(({ event }) => JSON.stringify(event));
    const unheard = before.events.slice(-unsent).filter(({ event }) => kept.includes(JSON.stringify(event)));
    t.strictSame(parts, before.ledger.parts, `page ${at}: the ledger is as it was`);
    t.equal(journal.epoch === before.epoch, !newEpoch);
    // A leaf of the tree of events has some ten of them, its root all.
    if (lost === 'untold') t.ok(at === 1 || unheard.length >= unsent - 12, `page ${at}: ${unheard.length}`);
    else t.equal(unheard.length, unsent, `page ${at}: all that the catalogue has not heard is there`);
    if (lost !== 'untold') t.equal(journal.lastPosition(), before.last);
    journal.append(moment(99), loan(5_000, true));
    journal.beginEpoch(moment(100), 3);
    t.strictSame(sorted(journal.rebuild()), sorted(journal.load()));
    journal.markSent(journal.lastPosition());
    tidyUp(journal);
    t.strictSame(sorted(journal.rebuild()), sorted(journal.load()));
    journal.close();
    t.strictSame(checkCopy(file, rules).findings, []);
    return lost;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    t.match(error.code, /journal\.(damaged|foreign)/);
    return 'refused';
  }
}

t.test('without its ledger a journal is restored to the last event before the gap', async (t) => {
  const { file, before } = journalFile(t);
  const db = new Database(file);
  db.exec(`UPDATE ledger SET row = 'nonsense' WHERE part = 'lockers'; DELETE FROM event WHERE position = 50`);
  db.close();
  t.match(repairFile(file, rules), { lost: 'state', newEpoch: false, last: 49 });
  const journal = openIn(t, t.testdirName, { file });
  t.strictSame(journal.read(1, 1_000), before.events.slice(0, 49));
  t.equal(journal.sentMark(), 49);
  t.match(journal.document('holdings'), { version: 7 });
});

t.test('the newest undamaged backup replaces a journal', async (t) => {
  t.testdir({ stick: {}, kiosk: {} });
  const home = join(t.testdirName, 'kiosk', 'journal.db');
  const backupFolder = join(t.testdirName, 'stick');
  const journal = openIn(t, join(t.testdirName, 'kiosk'));
  const rulesModule = new URL('../../src/circulation/ledger-rules.js', import.meta.url).href;
  const backups = createBackups({ journal, folder: backupFolder, everyMs: 1e6, rulesModule, log: silentLog });
  journal.append(moment(1), loan(1, false));
  const older = await backups.make();
  journal.append(moment(2), loan(2, false));
  const newer = await backups.make();
  journal.append(moment(3), loan(3, false));
  const { epoch } = journal;
  journal.close();

  t.match(await restoreFile(home, backupFolder, rules), { backup: newer, last: 10 });
  writeFileSync(newer, wipe(readFileSync(newer), 5));
  const { aside, backup } = await restoreFile(home, backupFolder, rules);
  t.equal(backup, older);
  t.match(aside, /journal\.db\.replaced-2$/);
  const again = openIn(t, join(t.testdirName, 'kiosk'));
  t.strictSame([again.lastPosition(), again.epoch], [5, epoch]);
  again.close();
  copyFileSync(newer, older);
  await t.rejects(restoreFile(home, backupFolder, rules), { code: 'journal.backup' });
});

t.test('compacting frees the space of old events', async (t) => {
  const { file, folder } = journalFile(t);
  const journal = openIn(t, folder);
  for (let n = 100; n < 400; n += 1) journal.append(moment(n * 86_400_000), loan(n, true));
  journal.markSent(journal.lastPosition());
  journal.close();
  const before = readFileSync(file).length;
  const { putAway } = compactFile(file, rules, 10);
  t.ok(putAway > 2_000, `${putAway} events`);
  t.ok(readFileSync(file).length < before / 3);
  t.strictSame(checkCopy(file, rules).findings, []);
});
