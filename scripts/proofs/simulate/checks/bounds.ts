import { statSync } from 'node:fs';
import { limits } from '../../../../src/kernel/limits.js';
import type { CheckKind } from '../check-kind.js';

/** Virtual timers of one kiosk and its boards and messages; late messages of a storm are the most of them. */
const mostTimers = 2_000;

/** However long it goes on: what is remembered is bounded by what the kiosk is made of. */
export const bounded: CheckKind = {
  name: 'bounded',
  promises: [12],
  create({ actors, machine, time }, fail) {
    const most = actors.lockers.length;
    return {
      stepped({ lateVisits: late, lastClosedAt: shutAt, items, doors, chattering, ledger }) {
        const sizes = { late, shutAt, items, doors, chattering, lockers: ledger.lockers };
        for (const [name, { size }] of Object.entries(sizes)) if (size > most) fail(`${size} in ${name}`);
        if (ledger.loans.size > actors.items.length + 1) fail(`${ledger.loans.size} loans`);
        if (time.pending > mostTimers) fail(`${time.pending} things are waited for`);
      },
      atRest() {
        const { size } = statSync(`${machine.life.file}-wal`);
        if (size > 2 * limits.journalWalBytes) fail(`the journal’s log has ${size} bytes`);
      },
    };
  },
};

/** Nobody’s pseudonym gets into the log. */
export const noNamesInLogs: CheckKind = {
  name: 'no-names-in-logs',
  promises: [11],
  create({ actors }, fail) {
    return {
      logged(fields) {
        const text = JSON.stringify(fields);
        for (const patron of actors.patrons) if (text.includes(patron)) fail('a patron is named in the log');
      },
    };
  },
};
