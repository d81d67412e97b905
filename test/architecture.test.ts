import t from 'tap';
import { type Import, importsOf, sourceFiles } from './support/source-tree.js';

/** What the files of a folder may import besides their own folder, `src/kernel` and Node's modules. */
interface Rule {
  readonly folders?: readonly string[];
  readonly libraries?: readonly string[];
}

/** Pages import Preact by the address it is served at. */
const preact = '/preact.js';

/** The arrows of the house, type imports included. The longest folder that contains a file has its rule. */
const rules: Readonly<Record<string, Rule>> = {
  'src/kernel': {},
  'src/circulation': { libraries: ['zod'] },
  'src/passes': { libraries: ['base45', 'cborg', 'otpauth'] },
  'src/sqlite': { libraries: ['better-sqlite3'] },
  'src/mqtt': { libraries: ['aedes', 'mqtt'] },
  'src/http': { libraries: ['hono'] },
  'src/terminal': { libraries: ['commander', 'string-width', 'wrap-ansi'] },
  'src/machine': { libraries: ['pino'] },
  'src/journal': { folders: ['src/circulation', 'src/sqlite'] },
  'src/contract': { folders: ['src/circulation', 'src/passes'], libraries: ['zod'] },
  'src/display': { folders: ['src/circulation'], libraries: ['qrcode'] },
  'src/link': { folders: ['src/contract', 'src/mqtt', 'src/passes'] },
  'src/screen': {
    folders: ['src/circulation', 'src/display', 'src/http'],
    libraries: ['@hono/node-server', 'hono', 'zod', preact],
  },
  'src/config': { folders: ['hardware', 'src/circulation'], libraries: ['yaml', 'zod'] },
  'src/monitoring': {
    folders: ['src/circulation', 'src/config', 'src/contract', 'src/journal', 'src/link', 'src/machine'],
  },
  'src/catalogue': {
    folders: ['src/circulation', 'src/contract', 'src/mqtt', 'src/passes', 'src/sqlite'],
  },
  'src/phone': {
    folders: ['src/catalogue', 'src/display', 'src/http'],
    libraries: ['@hono/node-server', 'hono', 'zod'],
  },
  'src/street-monitor': { folders: ['src/contract', 'src/mqtt', 'src/terminal'], libraries: ['zod'] },
  'src/kiosk': {
    folders: [
      'firmware-bridge/board',
      'firmware-bridge/port',
      'firmware-bridge/reader',
      'hardware',
      ...['src/circulation', 'src/config', 'src/contract', 'src/display', 'src/journal', 'src/link'],
      ...['src/machine', 'src/monitoring', 'src/passes', 'src/screen'],
    ],
  },
  hardware: { libraries: ['yaml', 'zod'] },
  'firmware-bridge/port': { libraries: ['serialport'] },
  'firmware-bridge/board': {
    folders: ['hardware', 'firmware-bridge/port'],
    libraries: ['johnny-five', 'firmata-io'],
  },
  'firmware-bridge/reader': { folders: ['firmware-bridge/port'] },
  'firmware-bridge/emulator': {
    folders: ['hardware', 'src/http'],
    libraries: ['@hono/node-server', 'avr8js', 'hono', 'koffi', 'nrf-intel-hex', 'zod', preact],
  },
};

/** Libraries that belong to one room; whoever else needs what they do asks that room. */
const oneRoomOnly = ['johnny-five', 'serialport', 'mqtt', 'better-sqlite3', 'qrcode', 'pino', 'aedes'];
/** The command line and the demo: they start rooms, and nothing imports them. */
const programs = ['src/main', 'src/demo'];

const product = sourceFiles('src', 'firmware-bridge', 'hardware');
const imports = [...product, ...sourceFiles('scripts', 'test')].flatMap(importsOf);
const productImports = product.flatMap(importsOf);

const isIn = (folder: string, path: string) => path === folder || path.startsWith(`${folder}/`);
const moduleOf = (path: string) => path.replace(/\.ts$/, '');
const isProgram = (path: string) => programs.includes(moduleOf(path));
const arrow = ({ from, target }: Import) => `${from} → ${target}`;

/** The folder of `rules` that a file belongs to. */
function roomOf(path: string): string | undefined {
  return Object.keys(rules)
    .filter((folder) => isIn(folder, path))
    .sort((a, b) => b.length - a.length)[0];
}

function isAllowed({ from, target, isOurs }: Import): boolean {
  const room = roomOf(from) ?? '';
  const { folders = [], libraries = [] } = rules[room] ?? {};
  if (!isOurs) return target.startsWith('node:') || libraries.includes(target);
  return [room, 'src/kernel', ...folders].some((folder) => isIn(folder, target));
}

/** Circles in a graph, each as `a → b → a`; at most one for each place where one is entered. */
function circlesIn(edges: Iterable<readonly [from: string, to: string]>): string[] {
  const targets = new Map<string, Set<string>>();
  for (const [from, to] of edges) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (node: string, above: readonly string[]) => {
    if (above.includes(node)) circles.push([...above.slice(above.indexOf(node)), node].join(' → '));
    else if (!done.has(node)) {
      for (const target of targets.get(node) ?? []) visit(target, [...above, node]);
      done.add(node);
    }
  };
  for (const node of targets.keys()) visit(node, []);
  return circles;
}

t.test('every file of the product belongs to a room', async (t) => {
  const homeless = product.filter(({ path }) => roomOf(path) === undefined && !isProgram(path));
  t.strictSame(
    homeless.map(({ path }) => path),
    [],
  );
});

t.test('imports follow the arrows, type imports too', async (t) => {
  const wrong = productImports.filter((one) => !isProgram(one.from) && !isAllowed(one));
  t.strictSame(wrong.map(arrow), []);
});

t.test('each arrow of the rules is used', async (t) => {
  const unused = Object.entries(rules).flatMap(([room, { folders = [], libraries = [] }]) => {
    const targets = productImports.filter(({ from }) => roomOf(from) === room).map(({ target }) => target);
    return [...folders, ...libraries]
      .filter((wanted) => !targets.some((target) => isIn(wanted, target)))
      .map((wanted) => `${room} → ${wanted}`);
  });
  t.strictSame(unused, []);
});

t.test('some libraries stay in one room', async (t) => {
  for (const library of oneRoomOnly) {
    const users = productImports.filter(({ target }) => target === library).map(({ from }) => roomOf(from));
    t.equal(new Set(users).size, 1, `${library}: ${[...new Set(users)].join(', ')}`);
  }
});

t.test('of the product only the demo starts the emulator', async (t) => {
  const users = productImports.filter(
    ({ from, target }) => isIn('firmware-bridge/emulator', target) && !isIn('firmware-bridge/emulator', from),
  );
  t.strictSame([...new Set(users.map(({ from }) => from))], ['src/demo.ts']);
});

t.test('nothing imports programs, scripts do not import tests', async (t) => {
  const upward = imports.filter(({ from, target, isOurs }) => {
    if (!isOurs || isIn('test', from)) return false;
    if (isIn('scripts', from)) return isIn('test', target);
    return isIn('scripts', target) || isIn('test', target) || (isProgram(target) && !isProgram(from));
  });
  t.strictSame(upward.map(arrow), []);
});

t.test('no import goes round in a circle, between files or between rooms', async (t) => {
  const ours = imports.filter(({ isOurs }) => isOurs);
  t.strictSame(circlesIn(ours.map(({ from, target }) => [moduleOf(from), target])), []);
  const rooms = ours.flatMap(({ from, target }) => {
    const [here, there] = [roomOf(from), roomOf(target)];
    return here && there && here !== there ? [[here, there] as const] : [];
  });
  t.strictSame(circlesIn(rooms), []);
});
