import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import t from 'tap';
import { openDatabase } from '../../src/catalogue/database.js';
import { prepareDocuments } from '../../src/catalogue/documents.js';
import { applicationId, migrations } from '../../src/catalogue/migrations.js';
import { prepareVersions } from '../../src/catalogue/versions.js';
import type { Event } from '../../src/circulation/event.js';
import { documentNames } from '../../src/contract/document-messages.js';
import { holdId, kioskId, lockerNo, passId, visitNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { isPin } from '../../src/passes/pin.js';
import {
  book,
  connectTestKiosk,
  kiosk,
  recorded,
  startCatalogue,
  type TestKiosk,
  wang,
} from '../support/catalogue.js';
import { until } from '../support/until.js';

const policy = {
  loanDays: 14,
  loanDaysOfClass: { new: 7 },
  closedDays: ['2027-02-06'],
  loansPerPatron: 4,
  loansPerPatronOffline: 1,
  renewals: 2,
};
const untilThen = epochMs(2_000_000_000_000);
const ended = (hold: string, reason: 'expired' | 'fulfilled' | 'released'): Event => ({
  type: 'hold-ended',
  hold: holdId(hold),
  reason,
});

/** The newest body of each document, by name. A broker may deliver a retained message after a newer one. */
const newest = ({ documents }: TestKiosk) =>
  Object.fromEntries(
    [...documents]
      .sort((a, b) => a.body.version - b.body.version)
      .map(({ name, body }) => [name, body] as const),
  );

t.test('policy, cards and holds are retained for each kiosk at the broker', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const hold = catalogue.placeHold({ kiosk, item: book, patron: wang, until: untilThen });
  catalogue.setBlocked(wang, true);
  catalogue.revokePass(passId('00000000000000f1'));
  catalogue.setWanted(book, true);
  catalogue.setPolicy(policy);
  await catalogue.setPin(wang, '2580');
  const played = await connectTestKiosk(t, broker.url);
  await until(() => 'policy' in newest(played) && newest(played).holds !== undefined, 'the documents');
  await until(() => JSON.stringify(newest(played).patrons).includes('scrypt$'), 'the card');
  const { holds, patrons, holdings } = newest(played);
  t.match(holds, { holds: [{ hold, item: book, patron: wang, until: untilThen }] });
  t.match(patrons, { blocked: [wang], revoked: ['00000000000000f1'] });
  t.match(newest(played).policy, policy);
  t.strictSame(
    holdings && 'items' in holdings && holdings.items.filter(({ wanted }) => wanted).map(({ item }) => item),
    [book],
  );
  const card = patrons && 'cards' in patrons ? patrons.cards[0] : undefined;
  t.match(card, { patron: wang, age: 'adult', card: /^\d{14}$/ });
  t.ok(await isPin('2580', card?.pin ?? ''));
  t.notMatch(JSON.stringify(newest(played)), /2580|王阿姨/, 'no PIN, no name');
});

t.test('a change is published once, with a higher version, and only to the kiosks it concerns', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await until(() => 'returns' in newest(played) && 'presence' in newest(played), 'all documents');
  const versions = () =>
    Object.fromEntries(
      documentNames.map((name) => [name, catalogue.documentFor(name, kiosk)?.body.version ?? 0]),
    );
  const [before, count] = [versions(), played.documents.length];
  const first = catalogue.placeHold({ kiosk: kioskId('jn-09'), item: book, patron: wang, until: untilThen });
  const second = catalogue.placeHold({ kiosk, item: book, patron: wang, until: untilThen });
  catalogue.releaseHold(first);
  catalogue.releaseHold(second);
  catalogue.releaseHold(second);
  await until(() => played.documents.length > count, 'the change');
  catalogue.setWanted(book, true);
  await until(() => played.documents.length > count + 1, 'the next change');
  t.strictSame(
    played.documents.slice(count).map(({ name }) => name),
    ['holds', 'holdings'],
  );
  const after = versions();
  t.strictSame(documentNames.filter((name) => (after[name] ?? 0) > (before[name] ?? 0)).sort(), [
    'holdings',
    'holds',
  ]);
  t.equal(newest(played).holds?.version, after.holds);
});

t.test('a hold stays on the list until its own kiosk reports its end', async (t) => {
  const { catalogue, broker } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  const mine = catalogue.placeHold({ kiosk, item: book, patron: wang, until: untilThen });
  const far = catalogue.placeHold({ kiosk: kioskId('jn-09'), item: book, patron: wang, until: untilThen });
  const listed = (at = kiosk) => {
    const document = catalogue.documentFor('holds', at);
    return document?.name === 'holds' ? document.body.holds.map(({ hold }) => hold) : [];
  };
  await played.sendAndAwaitAck(
    recorded([ended(mine, 'released'), ended(far, 'expired'), ended('h-0', 'expired')]),
  );
  t.strictSame([listed(), listed(kioskId('jn-09'))], [[mine], [far]]);
  await played.sendAndAwaitAck(recorded([ended(mine, 'fulfilled')], 4));
  t.strictSame(listed(), []);
  await until(
    () => newest(played).holds?.version === catalogue.documentFor('holds', kiosk)?.body.version,
    'it',
  );
});

t.test('a restart keeps all documents; documents of a new catalogue are accepted', async (t) => {
  const { catalogue, start, file } = await startCatalogue(t);
  catalogue.placeHold({ kiosk, item: book, patron: wang, until: untilThen });
  catalogue.setBlocked(wang, true);
  catalogue.setPolicy(policy);
  const publishedBy = (of: typeof catalogue) => documentNames.map((name) => of.documentFor(name, kiosk));
  const unversioned = (documents: ReturnType<typeof publishedBy>) =>
    documents.map((document) => document && { ...document.body, version: 0 });
  const before = publishedBy(catalogue);
  await catalogue.close();
  const again = await start();
  t.strictSame(unversioned(publishedBy(again)), unversioned(before));
  for (const [index, document] of publishedBy(again).entries()) {
    const known = before[index]?.body.version ?? 0;
    t.ok((document?.body.version ?? 0) > known, 'believed also where it comes from a backup');
  }
  await again.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const anew = publishedBy(await start());
  for (const [index, document] of anew.entries()) {
    if (document) t.ok(document.body.version > (before[index]?.body.version ?? 0), document.name);
  }
  t.equal(anew.filter((document) => document === null).length, 1, 'only the policy is the kiosk’s own');
});

t.test('a document that is too large is not published, and the others are', async (t) => {
  const { catalogue, broker, kept, file } = await startCatalogue(t);
  const played = await connectTestKiosk(t, broker.url);
  await until(() => 'holds' in newest(played), 'the documents');
  const before = newest(played).holds;
  const db = new Database(file);
  db.prepare(
    `WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT ?)
     INSERT INTO hold SELECT 'h-' || value, ?, ?, ?, 1, NULL FROM n`,
  ).run(limits.holdsLength, kiosk, book, wang);
  db.close();
  catalogue.placeHold({ kiosk, item: book, patron: wang, until: untilThen });
  catalogue.setBlocked(wang, true);
  await until(() => JSON.stringify(newest(played).patrons).includes(wang), 'the other document');
  await until(() => kept.has('catalogue.document-unfit') > 0, 'the fault');
  t.strictSame(newest(played).holds, before, 'the kiosk goes on with the one before');
  t.notMatch(JSON.stringify(kept.lines), wang);
  t.throws(() => catalogue.setPolicy({ ...policy, loanDays: 0 }), /policy/);
});

t.test('a catalogue of the first release is filled in', async (t) => {
  const file = `${t.testdir()}/catalogue.db`;
  const old = new Database(file);
  old.exec(migrations[0] ?? '');
  old.pragma(`application_id = ${applicationId}`);
  old.pragma('user_version = 1');
  old.exec(`INSERT INTO title VALUES ('t-01', '城南旧事', '林海音', 'zh');
    INSERT INTO item VALUES ('${book}', 't-01', '${kiosk}', 1);
    INSERT INTO patron VALUES ('${wang}', '王阿姨', '', '20106000000019');
    INSERT INTO mark VALUES ('holdings', 5);
    INSERT INTO epoch VALUES (1, '${kiosk}', '00000000000000a1', 1);
    INSERT INTO loan VALUES ('${book}', '${kiosk}', '${wang}', 9000, 0)`);
  const lent: Event = {
    type: 'item-lent',
    visit: visitNo(12),
    locker: lockerNo(1),
    item: book,
    patron: wang,
    dueAt: epochMs(9_000),
    dueProvisional: false,
  };
  old.prepare("INSERT INTO event VALUES (1, 1, 1000, 'trusted', ?)").run(JSON.stringify(lent));
  old.close();
  const db = openDatabase(file);
  t.teardown(() => void db.close());
  t.equal(db.prepare('SELECT visit FROM loan').pluck().get(), 12);
  const documentFor = prepareDocuments(
    db,
    prepareVersions(db, () => epochMs(1)),
    { trustedPems: () => [] },
  );
  t.match(documentFor('holdings', kiosk)?.body, { version: 6, items: [{ item: book, title: 't-01' }] });
  t.strictSame(documentFor('patrons', kiosk)?.body, { version: 5, cards: [], blocked: [], revoked: [] });
  t.strictSame(documentFor('returns', kiosk)?.body, { version: 5, returns: [] });
  t.equal(documentFor('policy', kiosk), null);
});

t.test('versions rise, also while the clock is stopped or set back', async (t) => {
  const db = openDatabase(`${t.testdir()}/catalogue.db`);
  t.teardown(() => void db.close());
  let now = 1_000;
  const { raise, versionOf } = prepareVersions(db, () => epochMs(now));
  const far = kioskId('jn-09');
  const holdsVersions = () => [versionOf('holds', kiosk) ?? 0, versionOf('holds', far) ?? 0] as const;
  t.equal(versionOf('holds', kiosk), undefined);
  raise('holds', kiosk);
  raise('holds', kiosk);
  now = 10;
  raise('holds', kiosk);
  t.strictSame(holdsVersions(), [1_002, 0]);
  raise('holds', null);
  t.strictSame(holdsVersions(), [1_003, 1_003]);
  raise('holds', far);
  t.strictSame(holdsVersions(), [1_003, 1_004]);
});
