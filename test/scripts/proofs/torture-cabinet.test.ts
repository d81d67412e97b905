import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { packageRoot } from '../../../src/kernel/package-root.js';

const program = fileURLToPath(new URL('dist/scripts/proofs/torture/cabinet/main.js', packageRoot));

t.test('a short torture of the whole kiosk breaks no promise', { timeout: 120_000 }, async (t) => {
  const args = [program, '--minutes', '0.15', '--seed', '7', '--json'];
  const run = promisify(execFile)(process.execPath, args);
  // A broken promise is told, with what led to it, before the program says so by its exit code.
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  const { goals, faults } = JSON.parse(stdout) as {
    goals: { name: string; figure: number; met: boolean }[];
    faults: Record<string, number>;
  };
  for (const { name, figure, met } of goals) t.ok(met, `${name}: ${figure}`);
  t.ok(Object.keys(faults).length >= 4, `faults: ${Object.keys(faults).join(', ')}`);
  if (!t.passing()) t.comment(stderr);
});
