import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { packageRoot } from '../../src/kernel/package-root.js';

const program = fileURLToPath(new URL('dist/scripts/proofs/walkthrough/main.js', packageRoot));

t.test('the walkthrough passes on real parts', async (t) => {
  const child = spawn(process.execPath, [program, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [said, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  t.equal(complaints, '');
  t.equal(child.exitCode, 0);
  const { steps }: { steps: { says: string; failure?: string }[] } = JSON.parse(said);
  for (const { says, failure } of steps) t.equal(failure, undefined, says);
});
