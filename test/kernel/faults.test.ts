import t from 'tap';
import { Fault, faultCatalogue } from '../../src/kernel/faults.js';

t.test('a fault says its code first, then what happened, and keeps its cause', async (t) => {
  const cause = new Error('ENOSPC');
  const fault = new Fault('journal.write', 'no space', { cause });
  t.equal(fault.message, 'journal.write: no space');
  t.equal(fault.code, 'journal.write');
  t.equal(fault.cause, cause);
  t.ok(fault instanceof Error);
});

t.test('codes are words with a dot: the part, then the trouble', async (t) => {
  for (const code of Object.keys(faultCatalogue)) t.match(code, /^[a-z]+\.[a-z]+(-[a-z]+)*$/);
});
