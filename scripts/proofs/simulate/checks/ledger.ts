import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../../../src/circulation/event.js';
import { emptyLedger, type Ledger } from '../../../../src/circulation/ledger.js';
import { applyEvent } from '../../../../src/circulation/ledger-changes.js';
import { limits } from '../../../../src/kernel/limits.js';
import { isSameEvent } from '../catalogue-model.js';
import { check } from '../check-kind.js';

/** Memory, tables and the events played anew agree. */
export const ledgerEqualsReplay = check('ledger-equals-replay', [1, 4], (_world, fail) => {
  let replayed: Ledger = emptyLedger;
  let count = 0;
  let seen: Ledger | null = null;
  return {
    appended(events) {
      replayed = events.reduce(applyEvent, replayed);
      count += events.length;
      seen = null;
    },
    stepped({ ledger, journalWritable }) {
      if (ledger === seen || !journalWritable) return;
      seen = ledger;
      if (!isDeepStrictEqual(ledger, replayed)) fail('the memory differs from what the events add up to');
    },
    booted(journal) {
      if (journal.lastPosition() !== count)
        fail(`${count} events were durable, ${journal.lastPosition()} are left`);
      if (!isDeepStrictEqual(journal.load(), replayed))
        fail('the tables differ from what the events add up to');
    },
    epochBegan(journal) {
      count = journal.lastPosition();
    },
    began({ ledger }) {
      if (!isDeepStrictEqual(ledger, replayed))
        fail('the program begins with another ledger than the journal’s');
    },
  };
});

/** The catalogue has each event once and in order, the mark moves by its answers only, and both see the same books. */
export const catalogueEqualsJournal = check(
  'catalogue-equals-journal',
  [4],
  ({ catalogue, machine }, fail) => {
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
        const { journal } = machine.program;
        const { ledger } = machine.state;
        if (catalogue.unreadable > 0) fail(`the catalogue could not read ${catalogue.unreadable} messages`);
        if (catalogue.conflicts > 0)
          fail(`${catalogue.conflicts} batches conflict with what the catalogue has`);
        const stored = catalogue.stored(journal.epoch);
        if (stored.length !== kept.length)
          fail(`the catalogue has ${stored.length} of ${kept.length} events`);
        const differing = kept.find((event, at) => !stored[at] || !isSameEvent(event, stored[at]));
        if (differing) fail(`event ${differing.position} is another at the catalogue`);
        const own = journal.read(journal.prunedUpTo() + 1, Number.MAX_SAFE_INTEGER);
        const changed = own.find((event) => !isSameEvent(kept[event.position - 1] ?? event, event));
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
);

/** No book that is back, and that the catalogue knows of, still names who had it, once the journal was tidied. */
export const forgetsPatrons = check('forgets-patrons', [11], ({ machine, actors }, fail) => ({
  atRest() {
    const { journal } = machine.program;
    const { ledger } = machine.state;
    if (journal.sentMark() < journal.lastPosition()) return;
    while (machine.program.tidy());
    const isNeeded = (patron: string, item: string) =>
      ledger.loans.get(item as never)?.patron === patron ||
      [...ledger.holds.values()].some((hold) => hold.item === item && hold.patron === patron) ||
      [...ledger.lockers.values()].some(({ intent }) => intent?.item === item);
    for (const { position, event } of journal.read(1, Number.MAX_SAFE_INTEGER)) {
      if (!('patron' in event) || !actors.patrons.includes(event.patron)) continue;
      const needed = 'item' in event ? isNeeded(event.patron, event.item) : ledger.pinTries.has(event.patron);
      if (!needed) fail(`event ${position}, ${event.type}, still names its patron`);
    }
  },
}));

/** Virtual timers of one kiosk and its boards and messages; late messages of a storm are the most of them. */
const mostTimers = 2_000;

/** However long it goes on: what is remembered is bounded by what the kiosk is made of. */
export const bounded = check('bounded', [12], ({ actors, machine, time }, fail) => {
  const most = actors.lockers.length;
  return {
    stepped({ lateVisits: late, lastClosedAt: shutAt, items, doors, chattering, ledger }) {
      const sizes = { late, shutAt, items, doors, chattering, lockers: ledger.lockers };
      for (const [name, { size }] of Object.entries(sizes)) if (size > most) fail(`${size} in ${name}`);
      if (ledger.loans.size > actors.items.length + 1) fail(`${ledger.loans.size} loans`);
      if (time.pending > mostTimers) fail(`${time.pending} things are waited for`);
    },
    atRest() {
      const { size } = statSync(`${machine.program.file}-wal`);
      if (size > 2 * limits.journalWalBytes) fail(`the journal’s log has ${size} bytes`);
    },
  };
});

/** Nobody’s pseudonym gets into the log. */
export const noNamesInLogs = check('no-names-in-logs', [11], ({ actors }, fail) => ({
  logged(fields) {
    const text = JSON.stringify(fields);
    for (const patron of actors.patrons) if (text.includes(patron)) fail('a patron is named in the log');
  },
}));
