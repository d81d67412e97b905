import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { packageRoot } from '../../src/kernel/package-root.js';

/** One source file of the repository. */
export interface SourceFile {
  /** Relative to the repository: `src/kernel/ids.ts`. */
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
}

/** One import or re-export. `target` is a path in the repository without its ending, or a package's name. */
export interface Import {
  readonly from: string;
  readonly target: string;
  readonly isOurs: boolean;
  readonly isTypeOnly: boolean;
}

const root = fileURLToPath(packageRoot);

const parsed = new Map<string, SourceFile>();

/** All TypeScript files below `folders`, parsed; each file is parsed once in a process. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
      .map((file) => {
        const path = join(folder, file);
        const known = parsed.get(path);
        if (known) return known;
        const text = readFileSync(join(root, path), 'utf8');
        const source = { path, text, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
        parsed.set(path, source);
        return source;
      }),
  );
}

export function importsOf({ path, ast }: SourceFile): Import[] {
  return ast.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!isImport || !statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const specifier = statement.moduleSpecifier.text;
    const isOurs = specifier.startsWith('.');
    const target = isOurs
      ? normalize(join(dirname(path), specifier)).replace(/\.js$/, '')
      : (/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    return [{ from: path, target, isOurs, isTypeOnly: isTypeOnly(statement) }];
  });
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  const names = clause.namedBindings;
  return (
    clause.isTypeOnly ||
    (!clause.name &&
      names !== undefined &&
      ts.isNamedImports(names) &&
      names.elements.every((name) => name.isTypeOnly))
  );
}

/** Every node of a file, outer before inner. */
export function nodesOf({ ast }: SourceFile): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ast);
  return nodes;
}

/** `path:line` of a node, as an editor understands it. */
export function placeOf({ path, ast }: SourceFile, node: ts.Node): string {
  return `${path}:${ast.getLineAndCharacterOfPosition(node.getStart(ast)).line + 1}`;
}
