import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { simulateCommand } from '../../scripts/proofs/simulate/main.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Command, runCommand } from '../../src/terminal/command.js';

const root = fileURLToPath(packageRoot);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** npm scripts that start plain tools. */
const plainTools = ['build', 'lint', 'format'];
const programs = Object.entries<string>(scripts)
  .filter(([name]) => !plainTools.includes(name))
  .map(([name, line]) => ({ name, program: /exec node (dist\/\S+\.js)/.exec(line)?.[1] ?? '' }));

/** Runs a command line in this process: exit code, standard output and standard error. */
async function run(t: Test, command: Command, args: readonly string[]) {
  const [out, err] = (['stdout', 'stderr'] as const).map((name) =>
    t.capture(process[name], 'write', () => true),
  );
  const code = await runCommand(command, args);
  const [outText = '', errText = ''] = [out, err].map((calls) =>
    (calls?.() ?? []).map(({ args: [text] }) => String(text)).join(''),
  );
  for (const calls of [out, err]) calls?.restore();
  return { code, out: outText, err: errText };
}

/** The command line that a program exports. */
async function commandOf(program: string): Promise<() => Command> {
  const module: Record<string, () => Command> = await import(join(root, program));
  const [create] = Object.entries(module).flatMap(([name, value]) =>
    name.endsWith('Command') ? [value] : [],
  );
  if (!create) throw new Error(`${program} exports no command line`);
  return create;
}

/** A command line and its subcommands, each with the words that start it. */
const commandsOf = (command: Command): (readonly [path: readonly string[], command: Command])[] => [
  [[], command],
  ...command.commands.map((sub) => [[sub.name()], sub] as const),
];

t.test('every npm script shows help with an example and refuses an unknown option in one line', async (t) => {
  t.ok(programs.length >= 17);
  for (const { name, program } of programs) {
    const create = await commandOf(program);
    for (const [path, command] of commandsOf(create())) {
      const title = `${name} ${path.join(' ')}`;
      const help = await run(t, create(), [...path, '--help']);
      t.match(
        help,
        { code: 0, out: /^Usage: (npm|lening) (?:.|\n)*\nExamples:\n {2}(npm|lening) /, err: '' },
        title,
      );
      // What is mandatory is asked for first.
      const given = command.options.flatMap(({ mandatory, long }) =>
        mandatory ? [`${long}`, 'mqtt:x'] : [],
      );
      const refused = await run(t, create(), [...path, ...given, '--no-such-option']);
      t.match(
        refused,
        { code: 2, out: '', err: /^error: unknown option '--no-such-option'[^\n]*\n$/ },
        title,
      );
    }
  }
});

t.test('every example that a command shows is a command line it takes', async (t) => {
  for (const { program } of programs) {
    const create = await commandOf(program);
    const help = await run(t, create(), ['--help']);
    for (const [, example = ''] of help.out.matchAll(/^ {2}(?:npm (?:run )?[\w:-]+(?: --)?|lening)(.*)$/gm)) {
      const command = create();
      for (const [, each] of commandsOf(command)) each.action(() => undefined).hook('preAction', stop);
      await t.rejects(
        command.parseAsync(example.split(' ').filter(Boolean), { from: 'user' }),
        parsed,
        example,
      );
    }
  }
});

const parsed = new Error('parsed');
function stop(): never {
  throw parsed;
}

t.test('a bad value is named in one line', async (t) => {
  const cases = [
    [['--seeds', 'many'], /'--seeds <number>' argument 'many' is invalid\. A whole number of at least 1/],
    [['--seeds', '0'], /argument '0' is invalid/],
    [['--seed', '1.5'], /argument '1.5' is invalid/],
    [['--variant', 'none'], /no variant none; variants: /],
    [['seven'], /too many arguments/],
  ] as const;
  for (const [args, sentence] of cases) {
    const { code, out, err } = await run(t, simulateCommand(), args);
    t.strictSame([code, out], [2, '']);
    t.match(err, sentence);
    t.match(err, /^error: [^\n]+\n$/, 'one line');
  }
});

t.test(
  'a program started with a bad option exits with 2; with a missing tool it names the package',
  async (t) => {
    const main = join(root, 'dist/scripts/proofs/bench/main.js');
    const wrong = spawnSync(process.execPath, [main, 'drain', '--rounds', 'x'], { encoding: 'utf8' });
    t.match(wrong, { status: 2, stdout: '', stderr: /^error: [^\n]+\n$/ });

    // A machine without apt.
    const env = { PATH: t.testdir() };
    const setup = join(root, 'scripts/setup.mjs');
    const missing = spawnSync(process.execPath, [setup, '--tools', 'no-such-package'], {
      env,
      encoding: 'utf8',
    });
    t.match(missing, {
      status: 1,
      stderr: /^Missing: no-such-package\. On Debian, type:\n\n {2}apt-get install/,
    });
    t.notMatch(missing.stderr, /\n {4}at /, 'no stack');
  },
);
