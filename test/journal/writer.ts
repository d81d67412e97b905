import { writeSync } from 'node:fs';
import { openJournal } from '../../src/journal/open.js';
import { moment, oneLoan, rules } from './support.js';

/**
 * A process that lends and takes back for ever (or `loans` times), one step per append, and says each position on
 * standard output once the journal promised it. Arguments: file, [loans].
 */
const [, , file = '', loans = 'Infinity'] = process.argv;
const journal = openJournal({ file, ...rules });
writeSync(1, 'open\n');
for (let visit = 1; visit < 2 * Number(loans); visit += 2) {
  for (const event of oneLoan(visit)) {
    journal.append(moment(visit), [event]);
    writeSync(1, `${journal.lastPosition()}\n`);
  }
}
