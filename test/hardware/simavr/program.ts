import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../../src/kernel/package-root.js';

const folder = new URL('test/hardware/simavr/', packageRoot);
const sources = ['board.c', 'line.c', 'line.h'].map((name) => fileURLToPath(new URL(name, folder)));
const program = fileURLToPath(new URL('dist/simavr/board', packageRoot));
const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'];

/** The path of the program that runs a board on simavr; compiles it when it is older than its sources. */
export function simavrProgram(): string {
  const builtMs = existsSync(program) ? statSync(program).mtimeMs : 0;
  if (sources.every((file) => statSync(file).mtimeMs < builtMs)) return program;
  mkdirSync(new URL('dist/simavr/', packageRoot), { recursive: true });
  // Another test may be running the old one, or compiling too.
  const fresh = `${program}.${process.pid}`;
  const inputs = sources.filter((file) => file.endsWith('.c'));
  const { status, stderr, error } = spawnSync('cc', [...flags, '-o', fresh, ...inputs, '-lsimavr'], {
    encoding: 'utf8',
  });
  if (error || status !== 0) {
    throw new Error(
      `the board for simavr does not compile (Debian: libsimavr-dev)\n${error?.message ?? stderr}`,
    );
  }
  renameSync(fresh, program);
  return program;
}
