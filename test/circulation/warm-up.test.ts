import t from 'tap';
import { warmUpLending } from '../../src/circulation/warm-up.js';
import { settings } from './player.js';

t.test('the warm-up runs on any cabinet and does not change its settings', async (t) => {
  const before = structuredClone(settings);
  warmUpLending(settings);
  warmUpLending({ ...settings, boards: new Map() });
  t.strictSame(settings, before);
});
