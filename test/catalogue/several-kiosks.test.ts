import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type Connection, openDatabase } from '../../src/catalogue/database.js';
import { prepareDocuments } from '../../src/catalogue/documents.js';
import { prepareIngest } from '../../src/catalogue/ingest.js';
import { prepareQueries } from '../../src/catalogue/queries.js';
import { prepareVersions } from '../../src/catalogue/versions.js';
import type { Event, RecordedEvent } from '../../src/circulation/event.js';
import { epoch, itemId, type KioskId, kioskId, lockerNo, patronId, visitNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { book, stocked } from '../support/catalogue.js';

const a = kioskId('jn-01');
const b = kioskId('jn-02');
const other = itemId('30106000000025');
const [wang, li] = [patronId('a'.repeat(16)), patronId('b'.repeat(16))];
/** The catalogue’s own time, which no event can be later than. */
const now = epochMs(1_000_000);

const lent = (visit: number, patron = wang, item = book): Event => ({
  type: 'item-lent',
  visit: visitNo(visit),
  locker: lockerNo(1),
  item,
  patron,
  dueAt: epochMs(2_000_000 + visit),
  dueProvisional: false,
});
const returned = (locker: number, item = book): Event => ({
  type: 'item-returned',
  visit: visitNo(9),
  locker: lockerNo(locker),
  item,
  door: 'closed',
});
const renewed = (dueAt: number): Event => ({
  type: 'item-renewed',
  item: book,
  patron: wang,
  dueAt: epochMs(dueAt),
  dueProvisional: false,
});
const closed = (visit: number): Event => ({ type: 'loan-closed', item: book, visit: visitNo(visit) });

/** A catalogue without a broker. Each kiosk has one journal, whose next event is told by its time. */
function street(test: Test) {
  const db = openDatabase(`${test.testdir()}/catalogue.db`);
  test.teardown(() => void db.close());
  // What is promised here is what is stored, not that it survives a power cut.
  db.pragma('synchronous = OFF');
  db.exec("INSERT INTO mark VALUES ('returns', 1), ('holds', 1)");
  return { db, ...tellers(db) };
}

function tellers(db: Connection) {
  const ingest = prepareIngest(db, () => now);
  const { whereIs, loansOf } = prepareQueries(db);
  const documentFor = prepareDocuments(
    db,
    prepareVersions(db, () => now),
    { trustedPems: () => [] },
  );
  const positions = new Map<KioskId, number>();
  const record = (kiosk: KioskId, at: number, event: Event, trust: RecordedEvent['trust'] = 'trusted') => {
    const position = (positions.get(kiosk) ?? 0) + 1;
    positions.set(kiosk, position);
    const events = [{ position, at: epochMs(at), trust, event }];
    return ingest(kiosk, { epoch: epoch(`00000000000000${kiosk.slice(-2)}`), from: position, events });
  };
  const returns = (kiosk: KioskId) => {
    const document = documentFor('returns', kiosk);
    return document?.name === 'returns' ? document.body.returns : [];
  };
  return { record, whereIs, loansOf, returns, documentFor, positions };
}

t.test(
  'a loan that ended elsewhere is on the list of its kiosk until that kiosk records the end',
  async (t) => {
    const { record, whereIs, loansOf, returns, documentFor } = street(t);
    record(a, 100, stocked(1));
    record(a, 200, lent(7));
    const before = documentFor('returns', a)?.body.version ?? 0;
    t.strictSame(record(b, 300, returned(4)).changed, [{ name: 'returns', kiosk: a }]);
    t.strictSame([whereIs(book), loansOf(wang)], [{ kiosk: b, locker: 4 }, []]);
    t.strictSame([returns(a), returns(b)], [[{ item: book, visit: 7 }], []]);
    t.ok((documentFor('returns', a)?.body.version ?? 0) > before);
    t.strictSame(record(a, 400, closed(7)).changed, [{ name: 'returns', kiosk: a }]);
    t.strictSame(returns(a), []);
  },
);

t.test('late events of one kiosk do not undo later events of another', async (t) => {
  const { record, whereIs, loansOf, returns } = street(t);
  record(b, 500, returned(4));
  record(a, 100, stocked(1));
  record(a, 200, lent(7));
  t.strictSame([whereIs(book), loansOf(wang)], [{ kiosk: b, locker: 4 }, []]);
  t.strictSame(returns(a), [{ item: book, visit: 7 }], 'the late lender believes in its loan');
  record(a, 300, returned(2));
  t.strictSame([whereIs(book), returns(a)], [{ kiosk: b, locker: 4 }, []], 'no more, by its own word');
  record(a, 600, stocked(3));
  t.strictSame(whereIs(book), { kiosk: a, locker: 3 }, 'what is newer counts');
});

t.test('late events still change the kiosk’s own lockers', async (t) => {
  const { record, whereIs } = street(t);
  record(a, 100, stocked(1, other));
  record(b, 500, returned(4));
  record(a, 200, stocked(1));
  t.strictSame([whereIs(other), whereIs(book)], [null, { kiosk: b, locker: 4 }]);
});

t.test('a book lent by two kiosks in turn is on loan from the later one', async (t) => {
  const { record, loansOf, returns } = street(t);
  record(a, 100, lent(7, wang));
  record(b, 200, lent(8, li));
  t.strictSame([loansOf(wang).length, loansOf(li).length], [0, 1]);
  t.strictSame([returns(a), returns(b)], [[{ item: book, visit: 7 }], []]);
  record(a, 150, renewed(9_000_000));
  t.match(loansOf(li), [{ kiosk: b, dueAt: 2_000_008 }], 'a renewal is of one’s own loan');
});

t.test('one kiosk’s events apply in its own order, also when its clock was set back', async (t) => {
  const { record, whereIs, loansOf, returns } = street(t);
  record(a, 100_000, lent(7));
  record(a, 10_000, returned(2));
  t.strictSame([whereIs(book), loansOf(wang), returns(a)], [{ kiosk: a, locker: 2 }, [], []]);
});

t.test('a kiosk with a fast clock does not make other kiosks’ events count as older', async (t) => {
  const { record, whereIs } = street(t);
  record(a, now + 1e9, stocked(1));
  record(b, now + 1, returned(4));
  t.strictSame(whereIs(book), { kiosk: b, locker: 4 });
});

t.test('without a trusted clock the later arrival counts', async (t) => {
  const { record, whereIs } = street(t);
  record(b, 500, returned(4));
  record(a, 100, stocked(1), 'floor');
  t.strictSame(whereIs(book), { kiosk: a, locker: 1 });
  record(kioskId('jn-03'), 300, lent(3));
  t.strictSame(whereIs(book), { kiosk: a, locker: 1 }, 'and what was before the last that is sure does not');
  record(a, 800, stocked(2), 'floor');
  record(b, 700, lent(8));
  t.strictSame(whereIs(book), { kiosk: a, locker: 2 }, 'nor what is surely older');
});

/** One thing that happens in the street, at a time that grows from one to the next. */
const happenings = fc.array(
  fc.record({
    kiosk: fc.constantFrom(a, b),
    item: fc.constantFrom(book, other),
    isLoan: fc.boolean(),
    locker: fc.integer({ min: 1, max: 2 }),
  }),
  { minLength: 1, maxLength: 12 },
);

t.test('the result is the same for every order of two kiosks’ batches', async (t) => {
  const { db, ...first } = street(t);
  const outcome = ({ whereIs, loansOf, returns }: typeof first) =>
    JSON.stringify([
      [book, other].map(whereIs),
      loansOf(wang),
      [a, b].map((kiosk) => [...returns(kiosk)].sort((x, y) => x.item.localeCompare(y.item))),
    ]);
  const play = (
    order: readonly { readonly kiosk: KioskId; readonly at: number; readonly event: Event }[],
  ) => {
    db.exec('DELETE FROM event; DELETE FROM epoch; DELETE FROM place; DELETE FROM loan');
    db.exec('DELETE FROM last_move; DELETE FROM returned_elsewhere');
    first.positions.clear();
    for (const { kiosk, at, event } of order) first.record(kiosk, at, event);
    return outcome(first);
  };
  fc.assert(
    fc.property(happenings, fc.array(fc.boolean(), { maxLength: 12 }), (happened, turns) => {
      const inOrder = happened.map(({ kiosk, item, isLoan, locker }, index) => ({
        kiosk,
        at: 100 * (index + 1),
        event: isLoan ? { ...lent(index + 1, wang, item), locker: lockerNo(locker) } : returned(locker, item),
      }));
      const queues = [a, b].map((kiosk) => inOrder.filter((each) => each.kiosk === kiosk));
      const mixed = [...turns.flatMap((turn) => queues[Number(turn)]?.shift() ?? []), ...queues.flat()];
      return play(inOrder) === play(mixed);
    }),
    { numRuns: 300 },
  );
});
