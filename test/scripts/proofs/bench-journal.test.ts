import t from 'tap';
import { benchJournal } from '../../../scripts/proofs/bench/journal.js';
import { eventsOfLoan, givePast, openAt } from '../../../scripts/proofs/bench/journal-past.js';

t.test('a past made quickly is the one that lending would have left', async (t) => {
  const folder = t.testdir();
  givePast(`${folder}/past.db`, 20);
  givePast(`${folder}/past.db`, 30);
  const journal = openAt(`${folder}/past.db`);
  t.teardown(() => journal.close());
  const told = Array.from({ length: 30 }, (_, n) => eventsOfLoan(n)).flat();
  t.same(
    journal.read(1, 1_000).map(({ event }) => event),
    told,
  );
  t.equal(journal.load().nextVisit, 61);
});

t.test('the bench measures each of its goals', async (t) => {
  const plan = { rounds: 1, loans: 5, shortPast: 10, longPast: 40, startEvents: 120 };
  const { goals } = benchJournal(t.testdir(), plan, () => undefined);
  t.equal(goals.length, 4);
  for (const { figure, name } of goals) t.ok(figure > 0 && Number.isFinite(figure), name);
});
