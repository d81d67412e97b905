import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseCabinet } from '../../hardware/cabinet.js';
import { describedCabinets, generatedDocuments } from '../../scripts/wiring/documents.js';
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
