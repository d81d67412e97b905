import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Modules that start processes and threads, open sockets or devices: their test files get a process each. */
const foreignModules =
  /^(node:(child_process|cluster|worker_threads|net|http|https|tls|dgram)|playwright-core|koffi|serialport|mqtt|aedes|@hono\/node-server)$/;

/** Modules that write a database, or run the firmware on an emulated processor: too slow for a unit test. */
const heavyModules = /^(better-sqlite3|avr8js)$/;

/** Stands for an import whose target is computed: it could be anything. */
const computed = 'computed import';

/** One compiled test file and what it needs, judged by everything it imports, directly or through other files of ours. */
export interface TestFile {
  readonly path: string;
  /** It can run in one process with other files, one after another. */
  readonly isShared: boolean;
  /** It is shared and needs no database and no emulated board either: `npm test -- unit` runs it. */
  readonly isUnit: boolean;
  /** It drives a browser. */
  readonly usesBrowser: boolean;
}

/** Classifies compiled test files. Type imports are gone from compiled files and do not count. */
export function classifyTestFiles(paths: readonly string[]): TestFile[] {
  const importsOf = importReader();
  return paths.map((path) => {
    const modules = [...modulesReached(path, importsOf)];
    const isShared = !modules.some((module) => module === computed || foreignModules.test(module));
    const isUnit = isShared && !modules.some((module) => heavyModules.test(module));
    return { path, isShared, isUnit, usesBrowser: modules.includes('playwright-core') };
  });
}

/** The packages and Node modules that a compiled file imports, directly or through other files of ours. */
function modulesReached(path: string, importsOf: (file: string) => readonly string[]): Set<string> {
  const modules = new Set<string>();
  const files = new Set([path]);
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) files.add(normalize(join(dirname(file), specifier)));
      else modules.add(specifier);
    }
  }
  return modules;
}

/** Reads the import specifiers of a compiled file, each file once. */
function importReader(): (file: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  const anImport =
    /^(?:import|export)\s(?:[^'"`;]*\sfrom\s*)?['"]([^'"]+)['"]|\bimport\((?:\s*['"]([^'"]+)['"]\s*\))?/gm;
  return (file) => {
    const read = known.get(file);
    if (read) return read;
    const specifiers = [...readFileSync(file, 'utf8').matchAll(anImport)]
      .map(([, statement, call]) => statement ?? call ?? computed)
      .filter((specifier) => !specifier.startsWith('.') || specifier.endsWith('.js'));
    known.set(file, specifiers);
    return specifiers;
  };
}
