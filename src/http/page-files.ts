import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import type { Env, Hono } from 'hono';
import { packageRoot } from '../kernel/package-root.js';

/** One file of a page, in memory. */
export interface PageFile {
  /** Its path on the server. */
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What every page may load besides its own files. `/preact.js` is the package's own module, which imports nothing. */
const shared = {
  '/icon.svg': new URL('src/display/icon.svg', packageRoot),
  '/preact.js': createRequire(import.meta.url).resolve('preact'),
};

/**
 * Reads the files of the page in `folder` (`src/screen/page`): markup and styles from the source tree, scripts as compiled,
 * and the files that pages share. `index.html` is `/`.
 */
export async function readPageFiles(folder: string): Promise<readonly PageFile[]> {
  const source = new URL(`${folder}/`, packageRoot);
  const compiled = new URL(`dist/${folder}/`, packageRoot);
  const [sources, scripts] = await Promise.all([readdir(source), readdir(compiled)]);
  const own = [
    ...sources.filter((name) => /\.(html|css)$/.test(name)).map((name) => ({ name, folder: source })),
    ...scripts.filter((name) => name.endsWith('.js')).map((name) => ({ name, folder: compiled })),
  ];
  const files = [
    ...own.map(({ name, folder }) => ({
      path: name === 'index.html' ? '/' : `/${name}`,
      file: new URL(name, folder),
      type: types[extname(name)] ?? '',
    })),
    ...Object.entries(shared).map(([path, file]) => ({ path, file, type: types[extname(path)] ?? '' })),
  ];
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return Promise.all(
    files.map(async ({ path, file, type }) => ({ path, type, text: await readFile(file, 'utf8') })),
  );
}

/** Serves the files of a page. */
export function servePageFiles<E extends Env>(app: Hono<E>, files: readonly PageFile[]): void {
  for (const { path, type, text } of files) {
    app.get(path, (context) => context.body(text, 200, { 'content-type': type }));
  }
}

/** Another text whenever one of the files is another: lowercase hex SHA-256. */
export function editionOf(files: readonly PageFile[]): string {
  const hash = createHash('sha256');
  for (const { text } of files) hash.update(text);
  return hash.digest('hex');
}
