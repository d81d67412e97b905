import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { packageRoot } from '../src/kernel/package-root.js';

const root = fileURLToPath(packageRoot);
const folders = ['firmware-bridge', 'hardware', 'src', 'scripts', 'test'];
const readmes = [
  'README.md',
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
];
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** All matches of `pattern`'s first group in every document, with the document. */
function found(pattern: RegExp): [document: string, what: string][] {
  return readmes.flatMap((document) =>
    [...readFileSync(join(root, document), 'utf8').matchAll(pattern)].map(
      ([, what = '']): [string, string] => [document, what],
    ),
  );
}

t.test('every npm script that a document names exists, and so does its program', async (t) => {
  const named = found(/npm (?:run )?((?!ci|install|prune|run)[a-z][a-z:-]*)(?=[ `\n])/g);
  t.ok(named.length > 10);
  for (const [document, name] of named) {
    t.type(scripts[name], 'string', `${document}: npm run ${name}`);
    const program = /node (dist\/\S+\.js)/.exec(scripts[name] ?? '')?.[1];
    if (program) t.ok(existsSync(join(root, program)), `${document}: ${program}`);
  }
});

t.test('every program that a document starts exists', async (t) => {
  for (const [document, program] of found(/node (dist\/[\w/.-]+\.js)/g))
    t.ok(existsSync(join(root, program)), `${document}: ${program}`);
});

t.test('every link within the repository leads somewhere', async (t) => {
  for (const [document, target] of found(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g))
    t.ok(existsSync(join(root, dirname(document), target)), `${document}: ${target}`);
});
