import type { Event } from '../circulation/event.js';
import { assert } from '../kernel/assert.js';
import type { Moment } from '../kernel/time.js';
import { differences } from './parts.js';
import type { LedgerRules } from './rules.js';
import type { Store } from './store.js';

/**
 * Begins a new epoch, inside a transaction: what was recorded up to `known` goes into the base, for the catalogue has it
 * under the old epoch; the new one begins with what stands where, and goes on with the events after `known`. The ledger
 * stays as it is.
 */
export function beginEpoch(store: Store, rules: LedgerRules, moment: Moment, known: number): void {
  const { statements, base } = store;
  const before = base.read();
  const { ledger, lastTrustedMs } = store.rebuild(Math.max(known, before.position));
  const stock = rules.stockEventsOf(ledger);
  const withStock = stock.reduce(rules.applyEvent, ledger);
  assert(differences(withStock, ledger).length === 0, 'stock events change nothing in the ledger');
  const rest = statements.events.all(known + 1, Number.MAX_SAFE_INTEGER);

  statements.removeEvents.run(Number.MAX_SAFE_INTEGER);
  const counted = rest.filter(({ position }) => position <= before.position).length;
  base.write(before, { ledger, position: counted === 0 ? 0 : stock.length + counted, lastTrustedMs });
  statements.renewEpoch.run();
  statements.putMark.run(0);
  const { calendarMs, trust } = moment;
  stock.forEach((event: Event, index) => {
    statements.putEvent.run(index + 1, calendarMs, trust, JSON.stringify(event));
  });
  rest.forEach(({ at, trust, body }, index) => {
    statements.putEvent.run(stock.length + index + 1, at, trust, body);
  });
}
