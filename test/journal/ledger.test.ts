import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { emptyLedger } from '../../src/circulation/ledger.js';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import { openJournal } from '../../src/journal/open.js';
import { history, sorted } from './history.js';
import { moment, rules } from './support.js';

t.test('the tables equal the ledger computed from the events, also after reopening', async (t) => {
  const file = join(t.testdir(), 'journal.db');
  fc.assert(
    fc.property(history, (steps) => {
      for (const suffix of ['', '-wal']) rmSync(`${file}${suffix}`, { force: true });
      const journal = openJournal({ file, ...rules });
      for (const events of steps) journal.append(moment(), events);
      const kept = journal.load();
      const events = journal.read(1, 1_000).map(({ event }) => event);
      journal.close();
      const reopened = openJournal({ file, ...rules });
      const loaded = reopened.load();
      const again = reopened.rebuild();
      reopened.close();

      const rebuilt = events.reduce(applyEvent, emptyLedger);
      t.strictSame(events, steps.flat());
      t.strictSame(sorted(kept), sorted(rebuilt));
      t.strictSame(sorted(loaded), sorted(rebuilt));
      t.strictSame(again, rebuilt);
      return t.passing();
    }),
    { numRuns: 50 },
  );
});
