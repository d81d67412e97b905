import { readFileSync } from 'node:fs';
import t from 'tap';
import { parseProps, readProps } from '../../../firmware-bridge/emulator/props.js';
import { packageRoot } from '../../../src/kernel/package-root.js';

const book = { item: '31234000000016', title: '边城', author: '沈从文', locker: 1 };
const code = { zh: '借书码', en: 'Pass', text: 'LN1:PASS' };
const person = { name: '王秀英', label: '67', codes: [code] };
const parse = (people: object[], items: object[]) =>
  parseProps(JSON.stringify({ people, items }), 'props.json');

t.test('people and books are read as they are written', async (t) => {
  const table = { ...book, item: '31234000000024', locker: null };
  t.same(parse([person], [book, table]), { people: [person], items: [book, table] });
});

t.test('what cannot be is refused with its place', async (t) => {
  const refused = (message: RegExp) => ({ code: 'config.invalid', message });
  t.throws(() => parseProps('{', 'props.json'), refused(/props\.json: is not JSON/));
  t.throws(() => parse([{ ...person, age: 67 }], []), refused(/age/));
  t.throws(() => parse([{ ...person, codes: [{ ...code, text: '通行证' }] }], []), refused(/text/));
  t.throws(() => parse([], [book, { ...book, item: 'other' }]), refused(/two books in one locker/));
  t.throws(() => parse([], [book, { ...book, locker: 2 }]), refused(/one book twice/));
  await t.rejects(readProps('/no/such/file'), refused(/\/no\/such\/file: cannot be read/));
});

t.test('the example of the README is a props file', async (t) => {
  const readme = readFileSync(new URL('firmware-bridge/emulator/README.md', packageRoot), 'utf8');
  const { people, items } = parseProps(/```json\n(.*?)```/s.exec(readme)?.[1] ?? '', 'the example');
  t.equal(people[0]?.codes.length, 2);
  t.equal(items[0]?.locker, 1);
});
