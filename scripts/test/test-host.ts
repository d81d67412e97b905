/**
 * Program: runs the compiled test files that the runner sends over IPC, one after another in this process, under one tap root.
 * A test named `endOfFile` ends the results of each file; it fails when the file changed the process for the files after it.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { endOfFile, noMoreFiles } from './tap-results.js';

const timeoutMs = Number(process.env.TAP_TIMEOUT) * 1_000;

/** Between files nothing else keeps this process alive: tap unreferences the channel. */
const keepAlive = setInterval(() => undefined, 60_000);

/** What the file that runs now registered on the root: run at the end of the file, not of the process. */
const fileTeardowns: (() => unknown)[] = [];
// Tap ends the root of a process as soon as it is idle once somebody has used its teardown.
Object.assign(t, { teardown: (handler: () => unknown) => void fileTeardowns.push(handler) });

process.on('message', (file) => {
  if (file !== noMoreFiles) return void runFile(String(file));
  clearInterval(keepAlive);
  process.disconnect();
});

async function runFile(file: string): Promise<void> {
  t.jobs = 1;
  // The deadline of the root starts again: when it passes, tap fails the test that runs just then.
  t.setTimeout(timeoutMs);
  // Files of the same run may have tests of the same name: each file has test folders of its own.
  t.testdirName = resolve('.tap/fixtures', file.replaceAll(/[^\w.]+/g, '-'));
  const before = sharedState();
  try {
    await import(pathToFileURL(resolve(file)).href);
  } catch (error) {
    t.fail('the file cannot be imported', { error: error instanceof Error ? error.stack : error });
  }
  await t.test(endOfFile, { buffered: false }, async (t) => {
    for (const teardown of fileTeardowns.splice(0).reverse()) await teardown();
    t.strictSame(sharedState(), before, 'the file leaves the process as it found it');
  });
}

/** What a test file must restore when it changes it. */
function sharedState(): object {
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    clocks: [Date.now, performance.now, setTimeout, setInterval, setImmediate],
  };
}
