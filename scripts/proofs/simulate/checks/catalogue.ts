import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../../../src/circulation/event.js';
import { isSameStory } from '../catalogue-model.js';
import type { CheckKind } from '../check-kind.js';

/** The catalogue has each event once and in order, the mark moves by its answers only, and both see the same books. */
export const catalogueEqualsJournal: CheckKind = {
  name: 'catalogue-equals-journal',
  promises: [4],
  create({ catalogue, machine }, fail) {
    /** What was recorded in this epoch, kept by itself: the journal forgets names, and puts away what is old. */
    let kept: RecordedEvent[] = [];
    let isAnother = false;
    return {
      appended(events, { calendarMs, trust }) {
        for (const event of events) kept.push({ position: kept.length + 1, at: calendarMs, trust, event });
      },
      epochBegan(journal) {
        isAnother = true;
        kept = journal.read(1, Number.MAX_SAFE_INTEGER);
      },
      marked(epoch, position) {
        if (position > (catalogue.acknowledged.get(epoch) ?? 0))
          fail(`the mark moves to ${position}, which the catalogue never acknowledged`);
      },
      atRest() {
        const { journal } = machine.life;
        const { ledger } = machine.state;
        if (catalogue.unreadable > 0) fail(`the catalogue could not read ${catalogue.unreadable} messages`);
        if (catalogue.conflicts > 0)
          fail(`${catalogue.conflicts} batches conflict with what the catalogue has`);
        const stored = catalogue.stored(journal.epoch);
        if (stored.length !== kept.length)
          fail(`the catalogue has ${stored.length} of ${kept.length} events`);
        const differing = kept.find((event, at) => !stored[at] || !isSameStory(event, stored[at]));
        if (differing) fail(`event ${differing.position} is another at the catalogue`);
        const own = journal.read(journal.prunedUpTo() + 1, Number.MAX_SAFE_INTEGER);
        const changed = own.find((event) => !isSameStory(kept[event.position - 1] ?? event, event));
        if (changed) fail(`event ${changed.position} of the journal has changed`);
        if (journal.sentMark() !== kept.length) fail(`the mark is ${journal.sentMark()} of ${kept.length}`);
        const { places, loans } = catalogue.project();
        for (const [locker, { item }] of ledger.lockers)
          if ((places.get(locker) ?? null) !== item)
            fail(`the catalogue sees another book in locker ${locker}`);
        const borrowed = new Map([...ledger.loans].map(([item, { patron }]) => [item, patron]));
        // A new epoch contains places; loans that were pruned before are not sent again.
        if (!isAnother && !isDeepStrictEqual(loans, borrowed)) fail('the catalogue sees other loans');
      },
    };
  },
};

/** No book that is back, and that the catalogue knows of, still names who had it, once the journal was tidied. */
export const forgetsPatrons: CheckKind = {
  name: 'forgets-patrons',
  promises: [11],
  create({ machine, actors }, fail) {
    return {
      atRest() {
        const { journal } = machine.life;
        const { ledger } = machine.state;
        if (journal.sentMark() < journal.lastPosition()) return;
        while (machine.life.tidy());
        const isNeeded = (patron: string, item: string) =>
          ledger.loans.get(item as never)?.patron === patron ||
          [...ledger.holds.values()].some((hold) => hold.item === item && hold.patron === patron) ||
          [...ledger.lockers.values()].some(({ intent }) => intent?.item === item);
        for (const { position, event } of journal.read(1, Number.MAX_SAFE_INTEGER)) {
          if (!('patron' in event) || !actors.patrons.includes(event.patron)) continue;
          const needed =
            'item' in event ? isNeeded(event.patron, event.item) : ledger.pinTries.has(event.patron);
          if (!needed) fail(`event ${position}, ${event.type}, still names its patron`);
        }
      },
    };
  },
};
