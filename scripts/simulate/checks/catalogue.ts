import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../../src/circulation/event.js';
import type { ClockTrust, EpochMs } from '../../../src/kernel/time.js';
import type { CheckKind } from '../check.js';

/** What the kiosk recorded, kept by itself. */
interface Kept {
  readonly at: EpochMs;
  readonly trust: ClockTrust;
  readonly event: Event;
}

/** The catalogue has each event once and in order, the mark moves by its answers only, and both see the same books. */
export const catalogueEqualsJournal: CheckKind = {
  name: 'catalogue-equals-journal',
  promises: [4],
  create({ catalogue, machine }, fail) {
    const kept: Kept[] = [];
    return {
      appended(events, { calendarMs, trust }) {
        for (const event of events) kept.push({ at: calendarMs, trust, event });
      },
      marked(epoch, position) {
        if (position > (catalogue.acknowledged.get(epoch) ?? 0))
          fail(`the mark moves to ${position}, which the catalogue never acknowledged`);
      },
      atRest() {
        const { journal } = machine.life;
        const { ledger } = machine.state;
        if (catalogue.conflicts > 0)
          fail(`${catalogue.conflicts} events came to the catalogue in two versions`);
        if (catalogue.unreadable > 0) fail(`the catalogue could not read ${catalogue.unreadable} messages`);
        const expected = kept.map((each, at) => ({ position: at + 1, ...each }));
        const stored = catalogue.stored(journal.epoch);
        if (!isDeepStrictEqual(stored, expected))
          fail(`the catalogue has ${stored.length} events, the kiosk recorded ${expected.length}, or others`);
        if (journal.sentMark() !== expected.length)
          fail(`the mark is ${journal.sentMark()} of ${expected.length}`);
        const { places, loans } = catalogue.project(journal.epoch);
        for (const [locker, { item }] of ledger.lockers)
          if ((places.get(locker) ?? null) !== item)
            fail(`the catalogue sees another book in locker ${locker}`);
        const borrowed = new Map([...ledger.loans].map(([item, { patron }]) => [item, patron]));
        if (!isDeepStrictEqual(loans, borrowed)) fail('the catalogue sees other loans');
      },
    };
  },
};
