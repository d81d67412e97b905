import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { isSync, readTrace, spawnTraced } from '../../scripts/proofs/support/syscalls.js';

const writer = fileURLToPath(new URL('writer.js', import.meta.url));
const loans = 30;

t.test('each append is synced once before it returns, and writes few bytes', async (t) => {
  const folder = t.testdir();
  const trace = join(folder, 'trace');
  const child = spawnTraced(trace, [writer, join(folder, 'journal.db'), String(loans)]);
  t.teardown(() => child.kill());
  child.stdout?.resume();
  const [code] = await once(child, 'exit');
  t.equal(code, 0);

  const calls = readTrace(trace);
  // The writer says a position on standard output as soon as the journal promised it.
  const promises = calls.flatMap(({ name, fd }, index) => (name === 'write' && fd === 1 ? [index] : []));
  t.equal(promises.length, 1 + 6 * loans);
  const steps = promises.slice(1).map((end, index) => calls.slice((promises[index] ?? 0) + 1, end));
  const journalCalls = steps.map((step) => step.filter(({ path }) => path.includes('journal.db')));
  t.ok(
    journalCalls.every((step) => step.filter(isSync).length === 1),
    'one sync in every step',
  );
  t.ok(
    journalCalls.every((step) => step.findIndex(isSync) === step.length - 1),
    'nothing is written after the sync',
  );
  const bytes = journalCalls.flat().reduce((sum, call) => sum + (isSync(call) ? 0 : call.returned), 0);
  t.ok(bytes / journalCalls.length <= 4_600, `${Math.round(bytes / journalCalls.length)} bytes per step`);
  t.comment(`${Math.round(bytes / journalCalls.length)} bytes per step`);
});
