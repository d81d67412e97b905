#!/usr/bin/env node
/**
 * Makes a fresh clone ready: tools, packages, compiled program. Does nothing, quickly, when all is there.
 *
 *   node scripts/setup.mjs           what running the program needs
 *   node scripts/setup.mjs --test    also what its tests need; type errors are left to them to report
 *   node scripts/setup.mjs --tools mosquitto,strace   these Debian packages only, for a command that uses them
 *
 * Plain JavaScript on purpose: it runs before anything, TypeScript included, is installed.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const forTests = process.argv.includes('--test');
const oldestNode = 20;

/** Debian packages and the file or command each one is known by; SQLite's binding is compiled with the first three. */
const buildTools = { make: 'make', 'g++': 'g++', python3: 'python3' };
const testTools = {
  make: 'make',
  'g++': 'g++',
  'gcc-avr': 'avr-gcc',
  'avr-libc': '/usr/lib/avr/include/avr/io.h',
  'libsimavr-dev': '/usr/include/simavr/sim_avr.h',
  mosquitto: 'mosquitto',
  openssl: 'openssl',
  strace: 'strace',
  chromium: 'chromium',
  faketime: 'faketime',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
};

const sourceFolders = ['src', 'firmware-bridge', 'hardware', 'scripts', 'test'];
/** Touched after a compilation without errors. */
const builtMark = join(root, 'dist', '.built');
/** What the compiler complained about, for the test run to count. */
const typeErrors = join(root, 'dist', '.type-errors');

const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

class SetupError extends Error {}

function main() {
  checkNode();
  const tools = process.argv.indexOf('--tools');
  if (tools !== -1) {
    const names = (process.argv[tools + 1] ?? '').split(',');
    installTools(Object.fromEntries(names.map((name) => [name, testTools[name] ?? name])));
    return;
  }
  const isInstalled = arePackagesInstalled();
  const isReady = isInstalled && doesBindingLoad();
  installTools({ ...(isReady ? {} : buildTools), ...(forTests ? testTools : {}) });
  if (!isInstalled) {
    say('Installing the packages of package-lock.json …');
    // Their scripts are not needed, but for the one binding that is compiled below.
    if (!npm(['ci', '--ignore-scripts'])) throw new SetupError('npm ci failed; its words are above.');
  }
  if (!isReady && !doesBindingLoad()) buildBinding();
  compile();
}

function checkNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return;
  throw new SetupError(`Node ${oldestNode} or newer is needed; this is ${process.versions.node}.`);
}

/** Compares the lockfile with npm's own record of what it installed; parts for other machines may be absent. */
function arePackagesInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return installed[path] === undefined ? optional === true : installed[path].version === version;
  });
}

/** The only part that is compiled here for one version of Node: does this one load it? */
function doesBindingLoad() {
  const load = "new (require('better-sqlite3'))(':memory:').close()";
  return spawnSync(process.execPath, ['-e', load], { cwd: root, stdio: 'ignore' }).status === 0;
}

function installTools(/** @type {Record<string, string>} */ tools) {
  const missing = Object.keys(tools).filter((name) => !isPresent(tools[name] ?? name));
  if (missing.length === 0) return;
  const command = `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !isPresent('apt-get')) {
    const prefix = isPresent('apt-get') ? 'sudo ' : '';
    throw new SetupError(`Missing: ${missing.join(', ')}. On Debian, type:\n\n  ${prefix}${command}\n`);
  }
  say(`Installing ${missing.join(', ')} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!run('apt-get', ['update', '--quiet'], env, 'pipe') || !run('sh', ['-c', command], env, 'pipe')) {
    throw new SetupError(`${command}\nfailed; its words are above.`);
  }
}

function isPresent(/** @type {string} */ tool) {
  if (tool.startsWith('/')) return existsSync(tool);
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, tool)));
}

/**
 * Headers to compile against instead of the running Node's. Since 24.19 `node::ObjectWrap` aborts the process when one of
 * better-sqlite3's statements is collected while no script runs (WiseLibs/better-sqlite3#1515); it is all in the header, so
 * an earlier one of the same ABI is sound.
 */
const soundHeaders = { 24: '24.18.0' };

function buildBinding() {
  say(`Compiling SQLite’s binding for Node ${process.versions.node}, which takes a minute or two …`);
  const sound = soundHeaders[process.versions.node.split('.')[0]];
  const beside = sound === undefined ? headersBeside() : null;
  const headers = beside ?? fetchHeaders(sound ?? process.versions.node);
  if (npm(['rebuild', 'better-sqlite3'], headers) && doesBindingLoad()) return;
  throw new SetupError('SQLite’s binding could not be compiled; see above.');
}

/** The folder with the headers that came with this Node, where they did: then nothing is downloaded to compile against it. */
function headersBeside() {
  const folder = dirname(dirname(process.execPath));
  return existsSync(join(folder, 'include', 'node', 'node.h')) ? folder : null;
}

/** The npm package `node` leaves the headers out (as Debian's does); the package it is made from has them. */
function fetchHeaders(/** @type {string} */ version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', '.cache', `node-headers-${version}`);
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-save', '--ignore-scripts'];
  if (!npm([...args, `${name}@${version}`])) throw new SetupError('Node’s headers cannot be had.');
  return join(folder, 'node_modules', name);
}

/** Runs npm with this Node; `nodedir` is the folder whose headers native parts are compiled against, '' for npm's choice. */
function npm(/** @type {string[]} */ args, nodedir = '') {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
  const env = {
    ...process.env,
    PATH: path,
    npm_config_nodedir: nodedir,
    npm_config_build_from_source: 'true',
  };
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], env);
}

/** Runs a command; with 'pipe' its words are shown only when it fails. */
function run(
  /** @type {string} */ command,
  /** @type {string[]} */ args,
  /** @type {NodeJS.ProcessEnv} */ env,
  /** @type {'pipe' | 'inherit'} */ output = 'inherit',
) {
  const result = spawnSync(command, args, { cwd: root, env, stdio: ['ignore', output, output] });
  if (result.error) say(result.error.message);
  if (output === 'pipe' && result.status !== 0) say(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return result.status === 0;
}

function compile() {
  const sources = sourceFolders.flatMap((folder) => filesIn(folder, '.ts', '.tsx'));
  const isStale = removeStale(new Set(sources));
  const builtAt = existsSync(builtMark) ? statSync(builtMark).mtimeMs : 0;
  const inputs = [...sources, 'tsconfig.json', 'package-lock.json'];
  if (!isStale && inputs.every((file) => statSync(join(root, file)).mtimeMs < builtAt)) return;
  say('Compiling …');
  const started = Date.now();
  const require = createRequire(join(root, 'package.json'));
  const result = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  rmSync(typeErrors, { force: true });
  if (result.status === 0) {
    writeBuildNote();
    writeFileSync(builtMark, '');
    // Sources that were saved while the compiler ran are compiled again next time.
    utimesSync(builtMark, started / 1000, started / 1000);
    return;
  }
  if (!forTests) throw new SetupError(`${result.stdout}${result.stderr}The program does not compile.`);
  writeFileSync(typeErrors, `${result.stdout}${result.stderr}`);
}

/**
 * Notes when this program was made, for the clock (src/machine/time-sources.ts): the date of the commit, or
 * SOURCE_DATE_EPOCH where it is not built from a repository; never later than this machine's calendar.
 */
function writeBuildNote() {
  const git = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  const seconds = Number(process.env.SOURCE_DATE_EPOCH ?? (git.status === 0 ? git.stdout : 0));
  const builtAtMs = Math.min(Number.isSafeInteger(seconds) ? seconds * 1_000 : 0, Date.now());
  writeFileSync(join(root, 'dist', 'build.json'), `${JSON.stringify({ builtAtMs })}\n`);
}

/** Paths below `folder`, relative to the repository. */
function filesIn(/** @type {string} */ folder, /** @type {string[]} */ ...suffixes) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => suffixes.some((suffix) => file.endsWith(suffix)))
    .map((file) => join(folder, file));
}

/** Removes compiled files whose source is gone, which would still be run as tests; true when there were any. */
function removeStale(/** @type {ReadonlySet<string>} */ sources) {
  const stale = filesIn('dist', '.js').filter(
    (file) =>
      !['.ts', '.tsx'].some((suffix) => sources.has(file.slice('dist/'.length).replace(/\.js$/, suffix))),
  );
  for (const file of stale) {
    for (const suffix of ['', '.map']) rmSync(join(root, `${file}${suffix}`), { force: true });
  }
  return stale.length > 0;
}

try {
  main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  if (forTests) say('0 passed, 1 failed');
  process.exitCode = 1;
}
