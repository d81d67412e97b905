import t from 'tap';
import { rehearseLending } from '../../src/circulation/rehearsal.js';
import { settings } from './player.js';

t.test('the rehearsal plays on any cabinet, and leaves its settings alone', async (t) => {
  const before = structuredClone(settings);
  rehearseLending(settings);
  rehearseLending({ ...settings, boards: new Map() });
  t.strictSame(settings, before);
});
