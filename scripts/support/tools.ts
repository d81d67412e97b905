import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/kernel/package-root.js';
import type { Command } from '../../src/terminal/command.js';

/** Debian packages that commands use; `scripts/setup.mjs` knows how each is recognised and installs or names it. */
export type Tool = 'mosquitto' | 'openssl' | 'strace';

const setup = fileURLToPath(new URL('scripts/setup.mjs', packageRoot));

/** Makes a command install or name its missing tools before it runs; where it cannot install them it exits with 1. */
export function needsTools(command: Command, tools: readonly Tool[]): Command {
  return command.hook('preAction', () => {
    // Its words go to standard error: standard output may be read as JSON.
    const { status } = spawnSync(process.execPath, [setup, '--tools', tools.join(',')], {
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) process.exit(1);
  });
}
