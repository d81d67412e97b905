import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { applyEvent } from '../../src/circulation/ledger-changes.js';
import { openJournal } from '../../src/journal/open.js';
import { itemId, lockerNo } from '../../src/kernel/ids.js';
import { history, sorted } from './history.js';
import { moment, oneLoan, openIn, rules } from './support.js';

const stocked = { type: 'item-stocked', locker: lockerNo(2), item: itemId('30106000000025') } as const;
const damaged = { type: 'item-damaged', locker: lockerNo(2), item: stocked.item, damage: 'wet' } as const;

t.test(
  'a new epoch has the items in their lockers and the unacknowledged events, and is durable',
  async (t) => {
    const folder = t.testdir();
    const journal = openIn(t, folder);
    const { epoch } = journal;
    const [intended, lent, ...rest] = oneLoan(1);
    journal.append(moment(1), [stocked, damaged]);
    journal.append(moment(2, 'floor'), [intended, lent] as never);
    journal.append(moment(3), rest);
    journal.markSent(5);
    const ledger = journal.load();
    journal.beginEpoch(moment(4), 4);

    const events = [
      { position: 1, at: moment(4).calendarMs, trust: 'trusted', event: stocked },
      { position: 2, at: moment(4).calendarMs, trust: 'trusted', event: damaged },
      ...rest.map((event, at) => ({
        position: 3 + at,
        at: moment(3).calendarMs,
        trust: 'trusted' as const,
        event,
      })),
    ];
    const check = (one: typeof journal) => {
      t.match(one.epoch, /^[0-9a-f]{16}$/);
      t.not(one.epoch, epoch);
      t.strictSame(one.read(1, 100), events);
      t.strictSame([one.lastPosition(), one.sentMark(), one.prunedUpTo()], [6, 0, 0]);
      t.strictSame(one.load(), ledger);
      t.strictSame(one.rebuild(), ledger);
      t.equal(one.lastTrustedMs(), moment(3).calendarMs);
    };
    check(journal);
    const renewed = journal.epoch;
    journal.close();
    const again = openIn(t, folder);
    check(again);
    t.equal(again.epoch, renewed);
    again.append(moment(5), [stocked]);
    t.equal(again.lastPosition(), 7);
  },
);

t.test(
  'whatever happened and wherever the stories part, the ledger stays and nothing unknown is lost',
  async (t) => {
    const file = join(t.testdir(), 'journal.db');
    fc.assert(
      fc.property(history, fc.nat(30), fc.nat(30), (steps, known, later) => {
        for (const suffix of ['', '-wal']) rmSync(`${file}${suffix}`, { force: true });
        const journal = openJournal({ file, ...rules });
        for (const events of steps) journal.append(moment(), events);
        for (const point of [known, later]) {
          const unknown = journal.read(point + 1, 100).map(({ event }) => event);
          const ledger = journal.load();
          journal.beginEpoch(moment(), point);
          const events = journal.read(1, 100).map(({ event }) => event);
          t.strictSame(events.slice(events.length - unknown.length), unknown);
          const places = events
            .slice(0, events.length - unknown.length)
            .reduce(applyEvent, rules.emptyLedger);
          for (const [locker, { item }] of places.lockers) t.ok(item, `something stands in ${locker}`);
          t.strictSame(sorted(journal.load()), sorted(ledger));
          t.strictSame(sorted(journal.rebuild()), sorted(ledger));
        }
        journal.close();
        openJournal({ file, ...rules }).close();
        return t.passing();
      }),
      { numRuns: 30 },
    );
  },
);
