import t from 'tap';
import { rehearseLending } from '../../src/circulation/rehearsal.js';
import { seconds } from '../../src/kernel/time.js';
import { lockers } from './player.js';

t.test('the rehearsal plays on any cabinet, and leaves its settings alone', async (t) => {
  const waits = {
    visitIdle: seconds(60),
    doorOpen: seconds(15),
    doorClose: seconds(120),
    farewell: seconds(8),
  };
  const settings = { lockers, policy: { loanDays: 28, loansPerPatron: 1 }, waits };
  const before = structuredClone(settings);
  rehearseLending(settings);
  rehearseLending({ ...settings, lockers: [] });
  t.strictSame(settings, before);
});
