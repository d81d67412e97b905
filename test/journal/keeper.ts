import { writeSync } from 'node:fs';
import { openJournal } from '../../src/journal/open.js';
import { patronId } from '../../src/kernel/ids.js';
import { stateOf } from './state.js';
import { hex, loan, moment, rules } from './support.js';

/**
 * A process that lends, and then does all the housekeeping there is: forgets, puts events away, begins a new epoch. After
 * every piece it says on standard output what the journal is now, and ends as in a power cut. Argument: file.
 */
const [, , file = ''] = process.argv;
const journal = openJournal({ file, ...rules, warmUpRuns: 0, keepDays: 1 });
const say = () => writeSync(1, `${JSON.stringify(stateOf(journal))}\n`);
const tidyUp = () => {
  while (journal.housekeep()) say();
  say();
};

say();
// What counts upwards must not be counted twice.
for (let n = 0; n < 2; n += 1) {
  journal.append(moment(n), [{ type: 'pin-tried', patron: patronId(hex('cc', 1)) }]);
  say();
}
for (let n = 0; n < 4; n += 1) {
  journal.append(moment(n), loan(n, n > 0));
  say();
}
journal.markSent(22);
tidyUp();
journal.append(moment(5 * 86_400_000), loan(5, false));
say();
journal.markSent(27);
tidyUp();
journal.beginEpoch(moment(6 * 86_400_000), 29);
say();
journal.append(moment(8 * 86_400_000), loan(6, true));
journal.markSent(journal.lastPosition());
say();
tidyUp();
process.kill(process.pid, 'SIGKILL');
