import { readdirSync } from 'node:fs';
import { relative } from 'node:path';
import t from 'tap';
import { classifyTestFiles } from '../../scripts/test/test-kinds.js';

t.test('how a test file runs is decided by what it imports, directly or not', async (t) => {
  const folder = t.testdir({
    'unit.js': "import { readFileSync } from 'node:fs';\nimport { b } from './pure.js';\n",
    'pure.js': "export { b } from './unit.js';\n",
    'socket.js': "import {\n  connect,\n} from 'node:net';\n",
    'board.js': "import './pure.js';\nimport 'avr8js';\n",
    'process.js': "import { start } from './starts.js';\n",
    'starts.js': "export const start = async () => (await import('node:child_process')).spawn;\n",
    'page.js': "import { chromium } from 'playwright-core';\n",
    'any.js': 'await import(process.argv[2]);\n',
  });
  const kindOf = (name: string) => {
    const [file] = classifyTestFiles([relative('.', `${folder}/${name}.js`)]);
    return file?.isUnit ? 'unit' : file?.isShared ? 'shared' : file?.usesBrowser ? 'browser' : 'own';
  };
  t.strictSame(['unit', 'socket', 'board', 'process', 'page', 'any'].map(kindOf), [
    'unit',
    'own',
    'shared',
    'own',
    'browser',
    'own',
  ]);
});

t.test(
  'the core, the kernel and the passes are tested without process, socket, database and board',
  async (t) => {
    const folders = ['circulation', 'kernel', 'passes'];
    const files = folders.flatMap((folder) =>
      readdirSync(`dist/test/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.test.js'))
        .map((file) => `dist/test/${folder}/${file}`),
    );
    // It checks the system calls that write a key.
    const foreign = ['dist/test/passes/key-file.test.js'];
    const others = classifyTestFiles(files).filter(({ isUnit }) => !isUnit);
    t.strictSame(
      others.map(({ path }) => path),
      foreign,
    );
  },
);
