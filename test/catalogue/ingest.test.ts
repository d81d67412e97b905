import fc from 'fast-check';
import t from 'tap';
import { openDatabase } from '../../src/catalogue/database.js';
import { prepareIngest } from '../../src/catalogue/ingest.js';
import { prepareQueries } from '../../src/catalogue/queries.js';
import { epoch, erasedId, passId, patronId } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { book, bookHistory, firstEpoch, kiosk, recorded, stocked } from '../support/catalogue.js';

const all = recorded(bookHistory);
const patron = patronId(erasedId);
const pass = passId(erasedId);

t.test('batches in any order and number give the same record', async (t) => {
  const db = openDatabase(`${t.testdir()}/catalogue.db`);
  t.teardown(() => void db.close());
  // What is promised here is what is stored, not that it survives a power cut.
  db.pragma('synchronous = OFF');
  const ingest = prepareIngest(db, () => epochMs(1));
  const { eventsOf } = prepareQueries(db);
  let run = 0;
  const slice = fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 7 }));
  fc.assert(
    fc.property(fc.array(slice, { maxLength: 20 }), (slices) => {
      run += 1;
      const life = epoch(run.toString(16).padStart(16, '0'));
      const before = eventsOf(kiosk).length;
      let upTo = 0;
      for (const [start, count] of slices) {
        const events = all.slice(start, start + count);
        if (start <= upTo) upTo = Math.max(upTo, start + events.length);
        const answer = ingest(kiosk, { epoch: life, from: start + 1, events });
        if (answer.upTo !== upTo || answer.conflicts.length > 0) return false;
        if (eventsOf(kiosk).length !== before + upTo) return false;
      }
      ingest(kiosk, { epoch: life, from: 1, events: all });
      return JSON.stringify(eventsOf(kiosk).slice(before)) === JSON.stringify(all);
    }),
  );
});

t.test('a batch is stored whole or not at all', async (t) => {
  const db = openDatabase(`${t.testdir()}/catalogue.db`);
  t.teardown(() => void db.close());
  db.exec(`CREATE TRIGGER full BEFORE INSERT ON event WHEN new.position = 3
           BEGIN SELECT raise(ABORT, 'no room'); END`);
  const ingest = prepareIngest(db, () => epochMs(1));
  const queries = prepareQueries(db);
  const events = recorded([stocked(1), stocked(2), stocked(3)]);
  t.throws(() => ingest(kiosk, { epoch: firstEpoch, from: 1, events }), /no room/);
  t.strictSame([queries.eventsOf(kiosk), queries.whereIs(book)], [[], null]);
  db.exec('DROP TRIGGER full');
  t.strictSame(ingest(kiosk, { epoch: firstEpoch, from: 1, events }), {
    upTo: 3,
    conflicts: [],
    changed: [],
  });
});

t.test('an event whose patron the kiosk has erased equals the stored one', async (t) => {
  const db = openDatabase(`${t.testdir()}/catalogue.db`);
  t.teardown(() => void db.close());
  const ingest = prepareIngest(db, () => epochMs(1));
  const queries = prepareQueries(db);
  ingest(kiosk, { epoch: firstEpoch, from: 1, events: all });
  const again = all.map((each) => {
    const named = { ...('patron' in each.event && { patron }), ...('pass' in each.event && { pass }) };
    return { ...each, event: { ...each.event, ...named } };
  });
  t.strictSame(ingest(kiosk, { epoch: firstEpoch, from: 1, events: again }), {
    upTo: 7,
    conflicts: [],
    changed: [],
  });
  t.strictSame(queries.eventsOf(kiosk), all, 'the catalogue still knows');
  const life = epoch('00000000000000ee');
  ingest(kiosk, { epoch: life, from: 1, events: again });
  t.strictSame(
    ingest(kiosk, { epoch: life, from: 1, events: all }).conflicts,
    [],
    'what is named comes late',
  );
  const other = again.map((each, at) => (at === 2 ? { ...each, event: { ...each.event, dueAt: 1 } } : each));
  t.strictSame(ingest(kiosk, { epoch: firstEpoch, from: 1, events: other as never }).conflicts, [3]);
});
