import { readFileSync } from 'node:fs';
import t from 'tap';
import ts from 'typescript';
import { faultCatalogue } from '../src/kernel/faults.js';
import { packageRoot } from '../src/kernel/package-root.js';
import { nodesOf, placeOf, type SourceFile, sourceFiles } from './support/source-tree.js';

const files = sourceFiles('src', 'firmware-bridge', 'hardware', 'scripts').map((file) => ({
  ...file,
  nodes: nodesOf(file),
}));

const longestFileLines = 300;
/** Files that are longer all the same: they may shrink, not grow. */
const longFiles: Readonly<Record<string, number>> = {
  // Data: every limit of the program with its reason, in one place.
  'src/kernel/limits.ts': 360,
};
const longestFunctionLines = 60;
/** Functions that are longer all the same: they may shrink, not grow, and no other joins them. */
const longFunctions: Readonly<Record<string, number>> = {};

/** Interfaces that are explained where they are taken, and member by member. */
const saysItself = /(Options|Parts)$/;

/** Places in all files of nodes that break a rule. */
function placesWhere(isBad: (node: ts.Node, file: SourceFile) => boolean): string[] {
  return files.flatMap((file) =>
    file.nodes.filter((node) => isBad(node, file)).map((node) => placeOf(file, node)),
  );
}

t.test('no value escapes the types', async (t) => {
  t.strictSame(
    placesWhere((node) => node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node)),
    [],
  );
});

t.test('no error is swallowed', async (t) => {
  t.strictSame(
    placesWhere((node) => ts.isCatchClause(node) && node.block.statements.length === 0),
    [],
  );
});

t.test('programs write with process.stdout, not with console', async (t) => {
  t.strictSame(
    placesWhere((node) => ts.isIdentifier(node) && node.text === 'console'),
    [],
  );
});

t.test('nothing is left for later in the code', async (t) => {
  const later = /\b(TODO|FIXME|XXX|HACK)\b/;
  t.strictSame(
    files.filter(({ text }) => later.test(text)).map(({ path }) => path),
    [],
  );
});

t.test('what a file offers says what it is', async (t) => {
  const undocumented = placesWhere(
    (node) =>
      (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) &&
      !saysItself.test(node.name?.text ?? '') &&
      (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0 &&
      ts.getJSDocCommentsAndTags(node).length === 0,
  );
  t.strictSame(undocumented, []);
});

t.test('files are short', async (t) => {
  const long = files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length - 1;
    return lines > (longFiles[path] ?? longestFileLines) ? [`${path}: ${lines}`] : [];
  });
  t.strictSame(long, []);
});

t.test('functions fit a screen', async (t) => {
  const long = new Map<string, number>();
  for (const file of files) {
    for (const node of file.nodes) {
      if (!ts.isFunctionLike(node)) continue;
      const lines = linesOf(file, node);
      const name = node.name?.getText(file.ast) ?? placeOf(file, node);
      if (lines > longestFunctionLines) long.set(`${file.path} ${name}`, lines);
    }
  }
  const grown = [...long].filter(([name, lines]) => lines > (longFunctions[name] ?? 0));
  t.strictSame(grown, []);
  t.strictSame(
    Object.keys(longFunctions).filter((name) => !long.has(name)),
    [],
    'what became short leaves the list',
  );
});

function linesOf({ ast }: SourceFile, node: ts.Node): number {
  const line = (position: number) => ast.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart(ast)) + 1;
}

t.test('every fault of the catalogue can happen, and says what to do', async (t) => {
  const elsewhere = files.filter(({ path }) => path !== 'src/kernel/faults.ts').map(({ text }) => text);
  for (const [code, { meaning, remedy }] of Object.entries(faultCatalogue)) {
    t.ok(
      elsewhere.some((text) => text.includes(`'${code}'`)),
      `${code} is reported somewhere`,
    );
    t.match(meaning, /^[A-Z].*\.$/s);
    t.match(remedy, /^[A-Z].*\.$/s);
  }
});

t.test('the commands of the README exist', async (t) => {
  const readme = readFileSync(new URL('README.md', packageRoot), 'utf8');
  const { scripts } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/(?:`|^ *)npm (?:run )?([a-z:-]+)/gm)].map(([, name = '']) => name);
  const npmOwn = ['ci', 'install', 'rebuild'];
  t.ok(named.includes('start') && named.includes('test'), named.join(', '));
  t.strictSame(
    named.filter((name) => scripts[name] === undefined && !npmOwn.includes(name)),
    [],
  );
});
