import t from 'tap';
import { warmUpLending } from '../../src/circulation/warm-up.js';
import { settings } from './player.js';

t.test('the rehearsal plays on any cabinet, and leaves its settings alone', async (t) => {
  const before = structuredClone(settings);
  warmUpLending(settings);
  warmUpLending({ ...settings, boards: new Map() });
  t.strictSame(settings, before);
});
