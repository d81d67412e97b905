import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createMachine } from '../../../firmware-bridge/emulator/machine.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { firmwareHex } from '../../support/hex-file.js';

const folder = fileURLToPath(new URL('firmware-bridge/firmware/', packageRoot));
const hungMain = fileURLToPath(new URL('test/firmware-bridge/firmware/hung_main.cpp', packageRoot));
/** The compiler of the committed hex; another one's code is as good but not the same. */
const releaseCompiler = '5.4.0';

const isCompilerThere = (process.env.PATH ?? '')
  .split(delimiter)
  .some((path) => existsSync(join(path, 'avr-g++')));
if (!isCompilerThere) {
  t.fail(
    'avr-g++ is missing: the firmware cannot be rebuilt and compared (Debian: apt-get install gcc-avr avr-libc)',
  );
} else {
  /** Builds in a folder of its own; gives the hex. */
  const build = (name: string, ...variables: string[]): string => {
    const target = t.testdir({ [name]: {} });
    const hex = join(target, name, 'lening.hex');
    execFileSync('make', ['-C', folder, `BUILD=${join(target, name, 'build')}`, `HEX=${hex}`, ...variables], {
      stdio: 'pipe',
    });
    return readFileSync(hex, 'utf8');
  };

  t.test('the committed hex is what the sources build, byte for byte', async (t) => {
    const compiler = execFileSync('avr-g++', ['-dumpversion'], { encoding: 'utf8' }).trim();
    const built = build('release');
    if (compiler === releaseCompiler)
      t.equal(built, firmwareHex(), 'if not: make -C firmware-bridge/firmware');
    else t.comment(`built with avr-g++ ${compiler}, but not compared: the hex is ${releaseCompiler}’s`);
  });

  t.test('a pulse ends on time even when the main loop hangs, and the watchdog then resets', async (t) => {
    const machine = createMachine(build('hung', `MAIN=${hungMain}`));
    const edges: [string, number][] = [];
    machine.onPinChange((pin, level) => pin === 22 && edges.push([level, machine.elapsedMs]));
    machine.run(550);
    const [, on, off, reset] = edges;
    t.match([on?.[0], off?.[0], reset?.[0]], ['high', 'low', 'floating']);
    const onMs = (off?.[1] ?? 0) - (on?.[1] ?? 0);
    t.ok(Math.abs(onMs - 300) < 1.1, `on for ${onMs} ms`);
  });
}
