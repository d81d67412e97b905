import t from 'tap';
import { libraryBarcode } from '../../src/catalogue/library-barcode.js';
import { sampleData } from '../../src/catalogue/sample-data.js';
import { holdingsSchema } from '../../src/contract/document-messages.js';
import { libraryCheckDigit } from '../../src/kernel/check-digit.js';
import { isPinText } from '../../src/passes/pin.js';

const { patrons, staff, titles, items } = sampleData;

t.test('check digits agree with barcodes of other libraries', async (t) => {
  t.equal(libraryCheckDigit('3023400051786'), '1', 'JerseyCat');
  t.equal(libraryCheckDigit('3319100010586'), '4', 'Dynix');
  t.equal(libraryCheckDigit('5819800094399'), '6', 'NC Cardinal');
  t.equal(libraryBarcode('item', '0106', 1), '30106000000017');
});

t.test('every barcode is valid, and no two are the same', async (t) => {
  const codes = [...items.map(({ item }) => item), ...patrons.map(({ card }) => card)];
  for (const code of codes) {
    t.match(code, /^[23]0106\d{9}$/);
    t.equal(libraryCheckDigit(code.slice(0, 13)), code.slice(13), code);
  }
  t.equal(new Set(codes).size, codes.length);
  t.ok(items.every(({ item }) => item.startsWith('3')));
  t.ok(patrons.every(({ card }) => card.startsWith('2')));
});

t.test('residents are pseudonyms, books are many, and kiosks can read them', async (t) => {
  t.equal(new Set(patrons.map(({ patron }) => patron)).size, 6);
  for (const { patron } of patrons) t.match(patron, /^[0-9a-f]{16}$/);
  t.ok(titles.length >= 36, `${titles.length} titles`);
  t.equal(new Set(titles.map(({ name }) => name)).size, titles.length);
  const document = { version: 1, titles, items: items.map(({ item, title }) => ({ item, title })) };
  t.ok(holdingsSchema.safeParse(document).success);
  const known = new Set(titles.map(({ title }) => title));
  t.ok(items.every(({ title }) => known.has(title)));
});

t.test('one resident is a child; each card has a PIN that can be entered, and no two the same', async (t) => {
  t.same(
    patrons.flatMap(({ age, name }) => (age === 'child' ? [name] : [])),
    ['小雨和妈妈'],
  );
  t.ok(patrons.every(({ pin }) => isPinText(pin)));
  t.equal(new Set(patrons.map(({ pin }) => pin)).size, patrons.length);
  t.same(new Set(patrons.map(({ pin }) => pin.length)), new Set([4, 6, 8]));
});

t.test('staff are pseudonyms too, and none is a resident', async (t) => {
  t.equal(staff.length, 2);
  for (const { staff: who } of staff) t.match(who, /^[0-9a-f]{16}$/);
  const everybody = [...staff.map(({ staff: who }) => who), ...patrons.map(({ patron }) => patron)];
  t.equal(new Set<string>(everybody).size, everybody.length);
});

t.test('five lockers are empty and each other one has one book', async (t) => {
  const lockers = items
    .flatMap(({ locker }) => (locker === null ? [] : [Number(locker)]))
    .sort((a, b) => a - b);
  t.strictSame(lockers, [1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 13, 15, 16, 17, 19, 21, 22, 23, 24]);
});
