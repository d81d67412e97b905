import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Disk } from '../../../scripts/proofs/crash/disk.js';
import { createRandom } from '../../../scripts/proofs/support/random.js';

const bytes = (text: string) => Buffer.from(text);
const shown = (image: ReadonlyMap<string, Buffer>) =>
  [...image].map(([name, content]) => `${name}: ${content}`);

t.test('after a power cut what was synced is there, and of the rest any part', async (t) => {
  const disk = new Disk();
  disk.take({ kind: 'write', file: 'a', offset: 0, bytes: bytes('one') });
  t.same(shown(disk.leastImage()), []);
  disk.take({ kind: 'sync', file: 'a' });
  disk.take({ kind: 'write', file: 'a', offset: 3, bytes: bytes('two') });
  t.same(shown(disk.leastImage()), ['a: one']);
  t.same(shown(disk.fullImage()), ['a: onetwo']);
  const random = createRandom(1, 'test');
  const images = new Set(Array.from({ length: 50 }, () => shown(disk.someImage(random))[0]));
  t.same(images, new Set(['a: one', 'a: onetwo']));
});

t.test('a long write may be torn at a sector', async (t) => {
  const disk = new Disk();
  disk.take({ kind: 'write', file: 'a', offset: 0, bytes: Buffer.alloc(1_024, 'x') });
  const random = createRandom(1, 'test');
  const images = Array.from({ length: 100 }, () => disk.someImage(random).get('a') ?? Buffer.alloc(0));
  t.ok(images.some((image) => image.length === 1_024 && image[0] === 0 && image[1_023] === 0x78));
});

t.test('a removed file may come back until the folder is synced', async (t) => {
  const disk = new Disk();
  disk.take({ kind: 'write', file: 'a', offset: 0, bytes: bytes('one') });
  disk.take({ kind: 'sync', file: 'a' });
  disk.take({ kind: 'remove', file: 'a' });
  t.same(shown(disk.leastImage()), ['a: one']);
  t.same(shown(disk.fullImage()), []);
  disk.take({ kind: 'sync-names' });
  t.same(shown(disk.leastImage()), []);
});

t.test('kills and power cuts lose nothing, and the control does', async (t) => {
  const main = fileURLToPath(new URL('../../../scripts/proofs/crash/main.js', import.meta.url));
  const options = ['--rounds', '2', '--steps', '8', '--seed', '7', '--json'];
  const run = spawnSync(process.execPath, [main, ...options], { encoding: 'utf8' });
  t.equal(run.status, 0, run.stderr);
  const { goals, full } = JSON.parse(run.stdout);
  t.equal(goals.length, 11);
  t.ok(full.images > 200, `${full.images} disks`);
});
