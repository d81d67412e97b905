import t from 'tap';
import { type Import, importsOf, sourceFiles } from './support/source-tree.js';

/** What the files of a folder may import besides their own folder and Node's modules. */
interface Rule {
  readonly folders?: readonly string[];
  /** Only with `import type`. */
  readonly types?: readonly string[];
  readonly libraries?: readonly string[];
}

/** The arrows of the house: they point one way, and adapters do not know one another. The longest folder that fits a file counts. */
const rules: Readonly<Record<string, Rule>> = {
  'src/kernel': {},
  'src/circulation': { folders: ['src/kernel'], libraries: ['zod'] },
  'src/passes': { folders: ['src/kernel'], libraries: ['base45', 'cborg', 'otpauth'] },
  'src/sqlite': { folders: ['src/kernel'], libraries: ['better-sqlite3'] },
  'src/journal': { folders: ['src/kernel', 'src/sqlite'], types: ['src/circulation'] },
  'src/link': {
    folders: ['src/kernel', 'src/passes', 'src/circulation/event-schema'],
    types: ['src/circulation', 'src/journal'],
    libraries: ['mqtt', 'zod'],
  },
  'src/screen': {
    folders: ['src/kernel', 'src/circulation', 'src/display', 'src/http'],
    libraries: ['hono', '@hono/node-server', 'zod'],
  },
  'src/screen/page': {
    types: ['src/kernel', 'src/circulation', 'src/display', 'src/screen'],
    libraries: ['/preact.js'],
  },
  'src/display': { folders: ['src/kernel'], types: ['src/circulation'], libraries: ['qrcode'] },
  'src/http': { folders: ['src/kernel'], libraries: ['hono', '@hono/node-server'] },
  'src/terminal': { folders: ['src/kernel'], libraries: ['commander', 'string-width', 'wrap-ansi'] },
  'src/phone': {
    folders: ['src/kernel', 'src/display', 'src/http'],
    types: ['src/catalogue'],
    libraries: ['hono', '@hono/node-server', 'zod'],
  },
  'src/phone/page': {},
  'src/monitor': { folders: ['src/kernel', 'src/link'], libraries: ['zod'] },
  'src/config': {
    folders: ['src/kernel', 'src/circulation/directory', 'hardware'],
    libraries: ['yaml', 'zod'],
  },
  'src/catalogue': {
    folders: [
      'src/kernel',
      'src/passes',
      'src/link/commands',
      'src/link/contract',
      'src/link/connect',
      'src/link/documents',
      'src/link/monitoring',
      'src/link/payload',
      'src/sqlite',
      'src/circulation/event-schema',
      'src/circulation/item-moves',
    ],
    types: ['src/circulation'],
    libraries: ['mqtt', 'aedes', 'zod'],
  },
  hardware: { folders: ['src/kernel'], libraries: ['yaml', 'zod'] },
  'firmware-bridge/port': { folders: ['src/kernel'], libraries: ['serialport'] },
  'firmware-bridge/board': {
    folders: ['src/kernel', 'hardware', 'firmware-bridge/port'],
    libraries: ['johnny-five', 'firmata-io'],
  },
  'firmware-bridge/reader': { folders: ['src/kernel', 'firmware-bridge/port'] },
  'firmware-bridge/emulator': {
    folders: ['src/kernel', 'src/http', 'hardware'],
    libraries: ['avr8js', 'koffi', 'nrf-intel-hex', 'hono', '@hono/node-server', 'zod'],
  },
  'firmware-bridge/emulator/page': { types: ['firmware-bridge/emulator'], libraries: ['/preact.js'] },
};

/** The shell wires everything; programs and tests stand outside. */
const shell = /^src\/[^/]+$/;
const outside = /^(scripts|test)\//;

const ruled = sourceFiles('src', 'firmware-bridge', 'hardware').filter(({ path }) => !shell.test(path));
const all = sourceFiles('src', 'firmware-bridge', 'hardware', 'scripts', 'test').flatMap(importsOf);

const isIn = (folder: string) => (path: string) => path === folder || path.startsWith(`${folder}/`);

function folderOf(path: string): string | undefined {
  return Object.keys(rules)
    .filter((folder) => isIn(folder)(path))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, target, isOurs, isTypeOnly }: Import): boolean {
  const folder = folderOf(from) ?? '';
  const { folders = [], types = [], libraries = [] } = rules[folder] ?? {};
  if (!isOurs) return target.startsWith('node:') || libraries.includes(target);
  const reachable = [folder, ...folders, ...(isTypeOnly ? types : [])];
  return reachable.some((one) => isIn(one)(target)) && !shell.test(target);
}

const words = ({ from, target, isTypeOnly }: Import) => `${from} → ${target}${isTypeOnly ? ' (types)' : ''}`;

t.test('every source folder has its rule', async (t) => {
  t.strictSame(
    ruled.map(({ path }) => path).filter((path) => folderOf(path) === undefined),
    [],
  );
});

t.test('imports follow the arrows, and each library stays in its folder', async (t) => {
  t.strictSame(
    ruled
      .flatMap(importsOf)
      .filter((one) => !isAllowed(one))
      .map(words),
    [],
  );
});

t.test('the shell uses parts of ours, and no library but those of its own job', async (t) => {
  const libraries = all.filter(
    ({ from, isOurs, target }) => shell.test(from) && !isOurs && !target.startsWith('node:'),
  );
  t.strictSame(libraries.map(words), ['src/machine/log.ts → pino']);
});

t.test('only the demo runs the emulator, through its client', async (t) => {
  const users = all.filter(
    ({ from, target }) =>
      isIn('firmware-bridge/emulator')(target) && !isIn('firmware-bridge')(from) && !outside.test(from),
  );
  t.strictSame(
    users.map(words).filter((use) => use !== 'src/demo.ts → firmware-bridge/emulator/client'),
    [],
  );
});

t.test('nothing imports programs or tests', async (t) => {
  const upward = all.filter(({ from, target, isOurs }) => {
    if (!isOurs || isIn('test')(from)) return false;
    if (isIn('scripts')(from)) return isIn('test')(target);
    return isIn('scripts')(target) || isIn('test')(target);
  });
  t.strictSame(upward.map(words), []);
});

t.test('no import goes round in a circle', async (t) => {
  const graph = new Map<string, string[]>();
  for (const { from, target, isOurs, isTypeOnly } of all) {
    if (isOurs && !isTypeOnly)
      graph.set(`${from}`.replace(/\.ts$/, ''), [...(graph.get(from.replace(/\.ts$/, '')) ?? []), target]);
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, above: readonly string[]) => {
    if (above.includes(file)) circles.push([...above.slice(above.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) {
      for (const target of graph.get(file) ?? []) visit(target, [...above, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) visit(file, []);
  t.strictSame(circles, []);
});
