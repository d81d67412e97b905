import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Disk, type Image, readDiskTrace, straceOptions } from '../../scripts/proofs/crash/disk.js';

import { createRandom } from '../../scripts/proofs/support/random.js';
import { openJournal } from '../../src/journal/open.js';
import { type State, stateOf } from './state.js';
import { rules } from './support.js';

/** The journal that a disk has, opened as a kiosk does: base and events must add up to the tables. */
function stateOn(image: Image, folder: string): State {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
  const journal = openJournal({ file: join(folder, 'journal.db'), ...rules, warmUpRuns: 0 });
  const state = stateOf(journal);
  journal.close();
  return state;
}

/** Whether a journal is what was said before the cut or what was about to be said. Less may be gone of it. */
function isOneOf(found: State, states: readonly State[]): boolean {
  return states.some(
    ({ epoch, last, ledger, events }) =>
      found.epoch === epoch &&
      found.last === last &&
      found.ledger === ledger &&
      Object.entries(events).every(([position, event]) => found.events[Number(position)] === event),
  );
}

t.test('a power cut at any moment of housekeeping or of a new epoch loses nothing', async (t) => {
  const folder = t.testdir({ disk: {} });
  const keeper = fileURLToPath(new URL('keeper.js', import.meta.url));
  const command = [process.execPath, keeper, join(folder, 'disk', 'journal.db')];
  const run = spawnSync('strace', [...straceOptions, '-o', join(folder, 'trace'), ...command]);
  t.equal(run.signal ?? run.status, 'SIGKILL', String(run.stderr));
  const steps = readDiskTrace(join(folder, 'trace'), join(folder, 'disk'));
  const said = steps.flatMap((step) => (step.kind === 'output' ? [JSON.parse(step.text) as State] : []));
  t.ok(
    said.some(({ gone }) => gone > 10),
    'events were put away',
  );
  t.ok(new Set(said.map(({ epoch }) => epoch)).size === 2, 'a new epoch began');

  const disk = new Disk();
  const random = createRandom(1, 'power cuts');
  let heard = 0;
  let images = 0;
  const wrong: unknown[] = [];
  for (const step of steps) {
    disk.take(step);
    if (step.kind === 'output') heard += 1;
    if (heard === 0 || step.kind === 'output') continue;
    // Of the many writes between two syncs some are looked at.
    const isPicked = step.kind === 'sync' || random.chance(0.25);
    const image = step.kind === 'sync' ? disk.leastImage() : disk.someImage(random);
    if (isPicked) {
      images += 1;
      const found = stateOn(image, join(folder, 'image'));
      if (!isOneOf(found, said.slice(heard - 1, heard + 1))) wrong.push({ heard, step: step.kind, found });
    }
  }
  t.comment(`${images} disks, ${said.length} pieces`);
  t.ok(images > 50);
  t.strictSame(wrong.slice(0, 2), []);
});
