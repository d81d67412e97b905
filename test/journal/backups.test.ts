import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { backupsIn, createBackups } from '../../src/journal/backups.js';
import { limits } from '../../src/kernel/limits.js';
import { recordingLog } from '../support/catalogue.js';
import { until } from '../support/until.js';
import { loan, moment, openIn, tidyUp } from './support.js';

const rulesModule = new URL('../../src/circulation/ledger-rules.js', import.meta.url).href;
const day = 86_400_000;

/** A journal that waits for backups, a folder for them on a stick, and what makes them. */
function stage(t: Test) {
  const folder = t.testdir({ stick: {} });
  const stick = join(folder, 'stick');
  const journal = openIn(t, folder, { keepDays: 30, requiresBackup: true });
  for (let n = 0; n < 60; n += 1) journal.append(moment(n * day), loan(n, n % 2 === 0));
  journal.markSent(journal.lastPosition());
  const kept = recordingLog();
  const backups = createBackups({ journal, folder: stick, everyMs: 5, rulesModule, log: kept.log });
  t.teardown(() => backups.close());
  return { folder, stick, journal, backups, kept };
}

t.test('a backup is a whole journal in one file that only its owner can read', async (t) => {
  const { stick, journal, backups } = stage(t);
  const [one] = await Promise.all([
    backups.make(),
    // Lending goes on meanwhile.
    (async () => journal.append(moment(60 * day), loan(60, false)))(),
  ]);
  t.equal(one, join(stick, 'journal-000001.db'));
  t.strictSame(readdirSync(stick), ['journal-000001.db']);
  t.equal(statSync(one).mode & 0o777, 0o600);
  const restored = openIn(t, t.testdirName, { file: one });
  t.equal(restored.epoch, journal.epoch);
  t.strictSame(restored.read(1, 1_000), journal.read(1, restored.lastPosition()));
  t.ok(restored.lastPosition() >= journal.lastPosition() - 5);
  t.strictSame(restored.rebuild(), restored.load());
});

t.test('the last two backups are kept, and files of a failed attempt are removed', async (t) => {
  const { stick, backups } = stage(t);
  writeFileSync(join(stick, 'journal-000001.db.part'), 'half a backup');
  writeFileSync(join(stick, 'holiday.jpg'), 'not ours');
  for (const earlier of [1, 2]) writeFileSync(join(stick, `journal-00000${earlier}.db`), 'made before');
  await backups.make();
  t.strictSame(readdirSync(stick), ['holiday.jpg', 'journal-000002.db', 'journal-000003.db']);
  t.strictSame(
    await backupsIn(stick),
    [3, 2].map((n) => join(stick, `journal-00000${n}.db`)),
  );
});

t.test('events are put away only when a verified backup has them', async (t) => {
  const { stick, journal, backups } = stage(t);
  tidyUp(journal);
  t.equal(journal.prunedUpTo(), 0);
  const file = await backups.make();
  tidyUp(journal);
  t.ok(journal.prunedUpTo() > 100);
  t.ok(existsSync(file));
  const before = journal.prunedUpTo();
  journal.append(moment(200 * day), loan(70, true));
  journal.markSent(journal.lastPosition());
  rmSync(stick, { recursive: true });
  await t.rejects(backups.make(), { code: 'journal.backup', message: /stick: ENOENT/ });
  tidyUp(journal);
  t.equal(journal.prunedUpTo(), 390, 'what the backup had');
  t.ok(before < 390);
});

t.test('a damaged copy is deleted and reported', async (t) => {
  const { stick, journal, kept } = stage(t);
  const spoilt = {
    epoch: journal.epoch,
    markBackedUp: () => t.fail('it is no backup'),
    snapshot() {
      const snapshot = journal.snapshot();
      snapshot.bytes.fill(0x5a, 20 * limits.journalPageBytes, 21 * limits.journalPageBytes);
      return snapshot;
    },
  };
  const backups = createBackups({ journal: spoilt, folder: stick, everyMs: 5, rulesModule, log: kept.log });
  await t.rejects(backups.make(), { code: 'journal.backup', message: /not good: journal.damaged: .*page/ });
  t.strictSame(readdirSync(stick), []);
});

t.test('backups are made regularly, failures are logged, and lending continues', async (t) => {
  const { stick, journal, backups, kept } = stage(t);
  rmSync(stick, { recursive: true });
  backups.start();
  await until(() => kept.has('journal.backup') > 1, 'two failures');
  journal.append(moment(61 * day), loan(61, true));
  mkdirSync(stick);
  await until(() => kept.lines.filter(({ message }) => /backed up/.test(message)).length > 0, 'a backup');
  await backups.close();
  const files = readdirSync(stick);
  t.ok(files.length > 0 && files.every((name) => /^journal-\d{6}\.db$/.test(name)), `${files}`);
});
