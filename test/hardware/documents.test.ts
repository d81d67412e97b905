import { existsSync, readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { z } from 'zod';
import { lockersOf, parseCabinet } from '../../hardware/cabinet.js';
import { describedCabinets, generatedDocuments } from '../../scripts/wiring/main.js';
import { packageRoot } from '../../src/kernel/package-root.js';

const textOf = (path: string) => readFileSync(new URL(path, packageRoot), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(textOf('hardware/cabinet.schema.json')));

t.test(
  'what is made from the cabinet descriptions is as they are; `npm run wiring` makes it anew',
  async (t) => {
    for (const [path, text] of generatedDocuments()) t.equal(textOf(path), text, path);
  },
);

t.test('every cabinet is one to the program and to an editor with the schema', async (t) => {
  const cabinets = describedCabinets();
  t.ok(cabinets.length > 0);
  for (const { name } of cabinets) {
    const yaml = textOf(`hardware/${name}.yaml`);
    t.match(yaml, /^# yaml-language-server: \$schema=\.\/cabinet\.schema\.json\n/, name);
    t.ok(schema.safeParse(parse(yaml)).success, name);
  }
});

t.test('a wrong cabinet is refused by both', async (t) => {
  const mega24 = textOf('hardware/mega-24.yaml');
  const mistakes = [
    ['lockPin: 22', 'lockPin: 70'],
    ['lockPin: 22', 'lockPin: 13'],
    ['lockPin: 22', 'lockpin: 22'],
    ['relays: active-high', 'relays: high'],
    ['debounceMs: 30', 'debounceMs: 30.5'],
    ['kind: mega-2560', 'kind: mega-2560\n    address: 1'],
  ] as const;
  for (const [from, to] of mistakes) {
    const wrong = mega24.replace(from, to);
    t.not(wrong, mega24, to);
    t.throws(() => parseCabinet(wrong, 'mega-24.yaml'), { code: 'config.invalid' }, to);
    t.notOk(schema.safeParse(parse(wrong)).success, to);
  }
});

t.test('the README beside the descriptions shows a cabinet that is one, and names what exists', async (t) => {
  const readme = textOf('hardware/README.md');
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(readme) ?? [];
  t.equal(lockersOf(parseCabinet(example, 'README.md')).length, 2);
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
  const commands = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name);
  t.strictSame(
    commands.filter((name) => scripts[name] === undefined),
    [],
  );
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path);
  t.strictSame(
    links.filter((path) => !existsSync(new URL(path, new URL('hardware/', packageRoot)))),
    [],
  );
  for (const { name } of describedCabinets()) t.match(readme, `${name}.yaml`, name);
});
