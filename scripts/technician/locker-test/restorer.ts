import { existsSync } from 'node:fs';
import { lockerOf } from '../../../src/circulation/ledger.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { LockerNo } from '../../../src/kernel/ids.js';
import { openKioskJournal } from '../../../src/kiosk/start-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';

/** The journal's view of the lockers that are tried, and the way to put one back into use. */
export interface Restorer {
  /** Why the locker is out of use and what should be behind its door; null while it is in use. */
  withheld(locker: LockerNo): { readonly reason: string; readonly item: string | null } | null;
  /** Puts a locker back into use, durably; throws `journal.write` when that cannot be written. */
  restore(locker: LockerNo): void;
  close(): void;
}

/** Opens the journal of a kiosk that is stopped. Throws `journal.busy` when it is not, `config.invalid` before its first run. */
export function openRestorer(dataFolder: string): Restorer {
  if (!existsSync(dataFolder)) {
    throw new Fault('config.invalid', `${dataFolder}: there is no journal to restore lockers in`);
  }
  const journal = openKioskJournal(dataFolder);
  const clock = createClock(journal.lastTrustedMs());
  return {
    withheld(locker) {
      const { withheld, item } = lockerOf(journal.load(), locker);
      return withheld === null ? null : { reason: withheld, item };
    },
    restore(locker) {
      journal.append(clock.now(), [{ type: 'locker-restored', locker }]);
    },
    close: () => journal.close(),
  };
}
