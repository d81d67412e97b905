import t from 'tap';
import { BatchWriter } from '../../src/catalogue/batch-writer.js';
import { openDatabase } from '../../src/catalogue/database.js';
import { prepareIngestTogether, type ReceivedBatch } from '../../src/catalogue/ingest.js';
import { kioskId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { firstEpoch, recorded, recordingLog, stocked } from '../support/catalogue.js';
import { until } from '../support/until.js';

const batch = { epoch: firstEpoch, from: 1, events: recorded([stocked(1)]) };
const kiosks = ['jn-01', 'jn-02', 'jn-03'].map(kioskId);
const [first = kioskId('jn-01'), second = first] = kiosks;

/** An intake on a real file, and what it did. */
function openIntake(folder: string) {
  const db = openDatabase(`${folder}/catalogue.db`);
  const store = prepareIngestTogether(db, () => epochMs(1));
  const transactions: number[] = [];
  const answers: string[] = [];
  const kept = recordingLog();
  const intake = new BatchWriter({
    ingest(batches: readonly ReceivedBatch[]) {
      transactions.push(batches.length);
      return store(batches);
    },
    acknowledge: (kiosk, ack) => void answers.push(`${kiosk} ${ack.upTo}`),
    documentChanged: () => undefined,
    log: kept.log,
  });
  return { db, intake, transactions, answers, kept };
}

t.test(
  'batches that come in one turn share a transaction, and are answered one by one after it',
  async (t) => {
    const { db, intake, transactions, answers } = openIntake(t.testdir());
    t.teardown(() => void db.close());
    for (const kiosk of kiosks) intake.add(kiosk, batch);
    t.strictSame(answers, []);
    await until(() => answers.length === 3, 'the answers');
    t.strictSame(transactions, [3]);
    t.strictSame(answers, ['jn-01 1', 'jn-02 1', 'jn-03 1']);
  },
);

t.test('no transaction grows beyond its bound', async (t) => {
  const { db, intake, transactions } = openIntake(t.testdir());
  t.teardown(() => void db.close());
  const many = recorded(Array.from({ length: limits.catalogueBatchEvents }, () => stocked(1)));
  intake.add(first, { ...batch, events: many });
  t.strictSame(transactions, [1], 'it does not wait for more');
});

t.test('a batch that cannot be stored is not acknowledged, and the others are stored', async (t) => {
  const { db, intake, answers, kept } = openIntake(t.testdir());
  t.teardown(() => void db.close());
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON epoch WHEN new.kiosk = '${second}'
           BEGIN SELECT raise(ABORT, 'no room'); END`);
  for (const kiosk of kiosks) intake.add(kiosk, batch);
  await until(() => answers.length === 2, 'the other answers');
  t.strictSame(answers, ['jn-01 1', 'jn-03 1']);
  t.ok(kept.has('catalogue.write'));
});

t.test('an error that is not from the database is thrown', async (t) => {
  const intake = new BatchWriter({
    ingest: () => {
      throw new RangeError('a mistake');
    },
    acknowledge: () => undefined,
    documentChanged: () => undefined,
    log: recordingLog().log,
  });
  const events = recorded(Array.from({ length: limits.catalogueBatchEvents }, () => stocked(1)));
  t.throws(() => intake.add(first, { ...batch, events }), /a mistake/);
});

t.test('a closed batch writer stores and acknowledges nothing more', async (t) => {
  const { db, intake, transactions, answers } = openIntake(t.testdir());
  t.teardown(() => void db.close());
  intake.add(first, batch);
  intake.close();
  await new Promise((resolve) => setImmediate(resolve));
  t.strictSame([transactions, answers], [[], []]);
});
