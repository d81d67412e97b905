import t from 'tap';
import { isMet } from '../../../scripts/proofs/support/goals.js';
import { forgeries } from '../../../scripts/proofs/torture/payloads/forgeries.js';
import { torturePayloads } from '../../../scripts/proofs/torture/payloads/main.js';

t.test('a malicious broker opens no door, forges nothing and crashes nobody', async (t) => {
  const { goals, sent } = await torturePayloads({ messages: 3_000, seed: 5, folder: t.testdir() });
  for (const goal of goals) t.ok(isMet(goal), `${goal.name}: ${goal.figure} ${goal.detail ?? ''}`);
  t.ok(
    Object.keys(forgeries).every((way) => (sent[way] ?? 0) > 50),
    'every way of forging was tried',
  );
});
