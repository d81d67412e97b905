import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { freePort, startMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import { createCatalogue } from '../../src/catalogue/catalogue.js';
import { sampleData } from '../../src/catalogue/sample-data.js';
import { topicsOf } from '../../src/contract/topics.js';
import { type KioskId, patronId } from '../../src/kernel/ids.js';
import { silentLog } from '../../src/kernel/log.js';
import { minutes } from '../../src/kernel/time.js';
import { createKeyRing, loadVerifyingKey } from '../../src/passes/keys.js';
import { verifyPass } from '../../src/passes/pass.js';
import {
  book,
  bookHistory,
  connectTestKiosk,
  firstEpoch,
  kiosk,
  recorded,
  recordingLog,
  startCatalogue,
  stocked,
  street,
  topics,
  wang,
} from '../support/catalogue.js';
import { momentAt } from '../support/clocks.js';
import { kioskKey, publicPem } from '../support/keys.js';
import { until } from '../support/until.js';

t.test('each event is stored once, however often it is sent', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const all = recorded(bookHistory);
  t.equal((await played.sendAndAwaitAck(all.slice(0, 4))).upTo, 4);
  t.equal((await played.sendAndAwaitAck(all.slice(0, 4))).upTo, 4, 'a duplicate is answered too');
  t.equal((await played.sendAndAwaitAck(all.slice(2))).upTo, 7, 'known and new in one batch');
  t.strictSame(catalogue.eventsOf(kiosk), all);
});

t.test(
  'after a gap nothing is stored, and the acknowledgement has the position to resend from',
  async (t) => {
    const { catalogue, broker } = await startCatalogue(t);
    const played = await connectTestKiosk(t, broker.url);
    const all = recorded(bookHistory);
    t.equal((await played.sendAndAwaitAck(all.slice(3))).upTo, 0);
    t.equal((await played.sendAndAwaitAck(all.slice(0, 2))).upTo, 2);
    t.equal((await played.sendAndAwaitAck(all.slice(4))).upTo, 2);
    t.strictSame(catalogue.eventsOf(kiosk), all.slice(0, 2));
    t.equal((await played.sendAndAwaitAck(all.slice(2))).upTo, 7);
    t.strictSame(catalogue.eventsOf(kiosk), all);
  },
);

t.test(
  'an event that differs from the stored one is refused, stored as a conflict and logged without persons',
  async (t) => {
    const { catalogue, broker, file, kept } = await startCatalogue(t);
    const played = await connectTestKiosk(t, broker.url);
    const all = recorded(bookHistory);
    await played.sendAndAwaitAck(all.slice(0, 4));
    const other = recorded(bookHistory.map((event, index) => (index === 2 ? stocked(7) : event)));
    t.strictSame(await played.sendAndAwaitAck(other), {
      epoch: firstEpoch,
      upTo: 4,
      from: 1,
      to: 7,
      differsAt: 3,
    });
    await played.sendAndAwaitAck(other);
    t.strictSame(
      catalogue.eventsOf(kiosk),
      all.slice(0, 4),
      'the first is kept; nothing of the other epoch is stored',
    );
    const db = new Database(file, { readonly: true });
    t.strictSame(db.prepare('SELECT position, body, times FROM conflict').all(), [
      { position: 3, body: JSON.stringify(stocked(7)), times: 2 },
    ]);
    db.close();
    t.equal(kept.has('catalogue.conflict'), 2);
    t.notMatch(JSON.stringify(kept.lines), wang);
    t.notMatch(JSON.stringify(kept.lines), book);
  },
);

t.test('a restart keeps everything: events, loans, places, holdings, key', async (t) => {
  const { catalogue, broker, start } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await played.sendAndAwaitAck(recorded(bookHistory).slice(0, 4));
  const answers = () => [
    again.eventsOf(kiosk),
    again.openLoans(kiosk),
    again.whereIs(book),
    again.itemsFor(kiosk),
    again.publicKeys(),
  ];
  let again = catalogue;
  const before = answers();
  await catalogue.close();
  const acksBefore = played.acks.length;
  again = await start();
  t.strictSame(answers(), before);
  await until(() => played.acks.length > acksBefore, 'its mark');
  t.equal(
    (await played.sendAndAwaitAck(recorded(bookHistory).slice(3))).upTo,
    7,
    'and it goes on from there',
  );
});

t.test('the acknowledgement follows the commit: another connection sees the events', async (t) => {
  const { broker, file } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const db = new Database(file, { readonly: true });
  t.teardown(() => void db.close());
  const count = db.prepare('SELECT count(*) FROM event').pluck();
  t.equal((await played.sendAndAwaitAck(recorded(bookHistory))).upTo, 7);
  t.equal(count.get(), 7);
});

t.test('what cannot be stored is not acknowledged, and is stored when it is sent again', async (t) => {
  const { broker, file, kept } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const other = new Database(file);
  t.teardown(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  played.sendBatch(recorded(bookHistory));
  await until(() => kept.has('catalogue.write') === 1, 'the failed write');
  other.exec('ROLLBACK');
  t.equal(
    (await played.sendAndAwaitAck(recorded(bookHistory).slice(0, 2))).upTo,
    2,
    'nothing of it was stored',
  );
  t.equal(played.acks.length, 1, 'and nothing was answered');
});

t.test('a new epoch starts at position 1 with the items now in the kiosk', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const [other] = sampleData.items.slice(1).map(({ item }) => item);
  await played.sendAndAwaitAck(recorded([stocked(1), stocked(2, other)]));
  const answer = await played.sendAndAwaitAck(recorded([stocked(5)]), '00000000000000b2');
  t.strictSame(answer, { epoch: '00000000000000b2', upTo: 1, from: 1, to: 1 });
  t.strictSame(catalogue.whereIs(book), { kiosk, locker: 5 });
  t.equal(other && catalogue.whereIs(other), null, 'the new journal does not know it');
  t.equal(catalogue.eventsOf(kiosk).length, 3, 'the record keeps both');
});

t.test('loans and places follow a sequence of loans and returns', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const now = () => [catalogue.whereIs(book), catalogue.openLoans(kiosk), catalogue.loansOf(wang)];
  const all = recorded(bookHistory);
  t.strictSame(now(), [null, [], []]);
  await played.sendAndAwaitAck(all.slice(0, 2));
  t.strictSame(now(), [{ kiosk, locker: 1 }, [], []], 'intended is not lent');
  await played.sendAndAwaitAck(all.slice(2, 6));
  t.strictSame(now(), [null, [{ item: book, patron: wang }], [{ item: book, kiosk, dueAt: 9_000 }]]);
  await played.sendAndAwaitAck(all.slice(6));
  t.strictSame(now(), [{ kiosk, locker: 3 }, [], []]);
});

t.test('invalid messages change nothing and stop nothing', async (t) => {
  const { catalogue, broker, kept } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await played.sendAndAwaitAck(recorded(bookHistory));
  const good = { epoch: firstEpoch, from: 8, events: recorded([stocked(1)], 8) };
  const nearlyGood = fc.constantFrom(
    { ...good, events: [] },
    { ...good, from: 9 },
    { ...good, epoch: 'A1' },
    { ...good, more: 1 },
    { ...good, events: recorded([{ ...stocked(1), locker: 0 } as never], 8) },
    { ...good, events: [...good.events, ...good.events] },
  );
  const junk = fc.sample(fc.oneof(fc.anything(), fc.string(), fc.json(), nearlyGood), 300);
  for (const payload of junk) played.publish(topics.journal, payload ?? null);
  played.publish(topicsOf(street, 'JN 01' as KioskId).journal, good);
  await until(
    () => kept.has('link.bad-message') + kept.has('catalogue.unknown-kiosk') > junk.length,
    'all of it to be dropped',
  );
  t.strictSame(catalogue.eventsOf(kiosk), recorded(bookHistory));
  t.equal((await played.sendAndAwaitAck(recorded([stocked(1)], 8))).upTo, 8, 'the good one after the bad');
});

t.test('holdings are retained for each kiosk at the broker', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await until(() => played.holdings.length > 0, 'the holdings');
  const [holdings] = played.holdings;
  t.strictSame(holdings, catalogue.documentFor('holdings', kiosk)?.body);
  t.equal(holdings?.items.length, sampleData.items.length);
});

t.test('an issued pass verifies with its public key, for the requested time', async (t) => {
  const { catalogue, file } = await startCatalogue(t);
  const ring = createKeyRing(catalogue.publicKeys().map(loadVerifyingKey));
  const text = catalogue.issuePass(wang, minutes(5));
  const at = (ms: number) => momentAt(Date.now() + ms);
  const result = verifyPass(text, ring, at(0), kiosk);
  t.ok(result.ok && result.value.kind === 'resident' && result.value.patron === patronId(wang));
  t.match(verifyPass(text, ring, at(minutes(5) + 1), kiosk), { ok: false, reason: 'pass-expired' });
  t.not(catalogue.issuePass(wang, minutes(5)), text, 'each pass is another');
  t.equal(statSync(`${file}.key`).mode & 0o777, 0o600, 'the key is for its owner only');
});

t.test('it starts and closes without a broker', async (t) => {
  const url = `mqtt://127.0.0.1:${await freePort()}`;
  const file = `${t.testdir()}/catalogue.db`;
  const catalogue = createCatalogue({ file, url, street, log: silentLog, sample: sampleData });
  await catalogue.start();
  t.equal(catalogue.patrons().length, 6);
  await catalogue.close();
});

t.test('a file of another program is refused and not changed', async (t) => {
  const file = `${t.testdir()}/other.db`;
  const other = new Database(file);
  other.exec('CREATE TABLE mine (a)');
  other.close();
  const options = { file, url: 'mqtt://127.0.0.1:1', street, log: silentLog };
  t.throws(() => createCatalogue(options), { code: 'catalogue.unusable' });
  t.throws(() => createCatalogue({ ...options, file: `${t.testdirName}/no/folder.db` }), {
    code: 'catalogue.unusable',
  });
  const still = new Database(file);
  t.equal(still.pragma('application_id', { simple: true }), 0);
  t.equal(still.pragma('journal_mode', { simple: true }), 'delete');
  still.close();
});

t.test('the same over a real Mosquitto that is killed and restarts empty', async (t) => {
  const folder = t.testdir();
  const mosquitto = await startMosquitto(folder);
  t.teardown(() => mosquitto.kill());
  const { log, has } = recordingLog();
  const file = `${folder}/catalogue.db`;
  const catalogue = createCatalogue({ file, url: mosquitto.url, street, log, sample: sampleData });
  t.teardown(() => catalogue.close());
  catalogue.enrol(kiosk, publicPem(kioskKey));
  await catalogue.start();
  const before = await connectTestKiosk(t, mosquitto.url);
  t.equal((await before.sendAndAwaitAck(recorded(bookHistory).slice(0, 3))).upTo, 3);
  await mosquitto.kill();
  await until(() => has('link.down') > 0, 'the catalogue to notice');
  await mosquitto.start();
  const after = await connectTestKiosk(t, mosquitto.url);
  await until(() => after.holdings.length > 0, 'the catalogue to be back', 20_000);
  t.equal((await after.sendAndAwaitAck(recorded(bookHistory))).upTo, 7);
  t.strictSame(catalogue.eventsOf(kiosk), recorded(bookHistory));
});

t.test('a catalogue that reconnects sends each kiosk its stored position at once', async (t) => {
  const { broker, catalogue, start } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await played.sendAndAwaitAck(recorded(bookHistory).slice(0, 3));
  await catalogue.close();
  const before = played.acks.length;
  await start();
  await until(() => played.acks.length > before, 'an answer nobody asked for');
  t.strictSame(played.acks.at(-1), { epoch: firstEpoch, upTo: 3 });
});
