import t from 'tap';
import { z } from 'zod';
import { messageSchemas, withSchemas } from '../../scripts/contract/main.js';
import { eventTypes } from '../../src/circulation/event-schema.js';
import { type DocumentName, documentNames, documentSchemas } from '../../src/contract/document-messages.js';
import { batchSchema, catalogueStateTopic, topicsOf } from '../../src/contract/topics.js';
import { kioskId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { breachOf, contract, contractText, validatorOf } from '../support/contract.js';
import { kioskSeals } from '../support/keys.js';

const document = contract;
const schemas = messageSchemas;

t.test('the document’s addresses are the topics the code uses', async (t) => {
  const { documents, request, response, ...topics } = topicsOf('jiangning', kioskId('jn-01'));
  const addresses = Object.entries(document.channels).map(([name, { address }]) => [
    name,
    address.replace('{street}', 'jiangning').replace('{kiosk}', 'jn-01'),
  ]);
  t.strictSame(Object.fromEntries(addresses), {
    ...topics,
    ...documents,
    catalogueState: catalogueStateTopic('jiangning'),
    request: `${request}/{name}`,
    response: `${response}/{name}`,
  });
});

t.test('its schemas are the code’s: if not, run `npm run contract`', async (t) => {
  t.equal(withSchemas(contractText) === contractText, true);
});

t.test('every message has its schema, and every example is a message the code takes', async (t) => {
  t.strictSame(Object.keys(document.components.messages).sort(), Object.keys(schemas).sort());
  for (const [name, { examples }] of Object.entries(document.components.messages)) {
    for (const { payload } of examples) {
      t.strictSame(schemas[name]?.parse(payload), payload, name);
      const validate = validatorOf(name);
      t.ok(validate(payload), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  }
});

t.test('the examples show every type of event', async (t) => {
  const examples = document.components.messages.batch?.examples ?? [];
  const events = examples.flatMap(({ payload }) => batchSchema.parse(payload).events);
  const shown = new Set(events.map(({ event }) => event.type));
  t.strictSame([...shown].sort(), [...eventTypes].sort());
});

t.test('a message with a field too many, or a gap in its positions, is no message', async (t) => {
  const [batch] = document.components.messages.batch?.examples ?? [];
  const good = batchSchema.parse(batch?.payload);
  t.throws(() => batchSchema.parse({ ...good, extra: 1 }));
  t.throws(() => batchSchema.parse({ ...good, from: good.from + 1 }));
  t.throws(() => batchSchema.parse({ ...good, events: [] }));
});

/** The document’s example with some of it replaced. */
function altered(name: DocumentName, changes: object): unknown {
  const [example] = document.components.messages[name]?.examples ?? [];
  return { ...z.looseObject({}).parse(example?.payload), ...changes };
}

const item = '30106000000017';
const patron = 'a1a1a1a1a1a1a1a1';
const many = <T>(count: number, row: T) => Array<T>(count).fill(row);

/** Of each document: what comes close to it and is none. */
const hostile: { readonly [N in DocumentName]: readonly object[] } = {
  keys: [
    { keys: [] },
    { keys: ['-----BEGIN PRIVATE KEY-----'] },
    { keys: many(11, '-----BEGIN PUBLIC KEY-----') },
  ],
  holdings: [
    { items: many(20_001, { item, title: 't-01' }) },
    { items: [{ item, title: 't'.repeat(41) }] },
    { titles: [{ title: 't-01', name: 'x', author: 'y', language: 'zh', loanClass: '' }] },
  ],
  patrons: [
    { cards: [{ card: '2010600000001', patron, age: 'adult', pin: 'scrypt$1' }] },
    { cards: [{ card: '20106000000019', patron, age: 'adult', pin: '1234' }] },
    { blocked: many(20_001, patron) },
    { revoked: many(10_001, patron) },
    { blocked: ['王阿姨'] },
  ],
  policy: [
    { loanDays: 0 },
    { loanDaysOfClass: { new: 400 } },
    { loanDaysOfClass: Object.fromEntries(many(101, 1).map((days, n) => [`c${n}`, days])) },
    { closedDays: ['2027-02-30'] },
    { loansPerPatron: 1.5 },
  ],
  holds: [
    { holds: many(1_001, { hold: 'h-1', item, patron, until: 1 }) },
    { holds: [{ hold: '', item, patron, until: 1 }] },
    { holds: [{ hold: 'h-1', item, patron, until: -1 }] },
  ],
  returns: [{ returns: many(1_001, { item, visit: 1 }) }, { returns: [{ item, visit: 0 }] }],
  presence: [
    { secret: 'A'.repeat(25) },
    { secret: 'A'.repeat(129) },
    { secret: 'a'.repeat(32) },
    { periodS: 9 },
    { digits: 5 },
    { digits: 9 },
  ],
};

t.test('a document that is too large or out of range is none', async (t) => {
  const always = [{ version: 0 }, { version: 2 ** 60 }, { version: '1' }, { more: 1 }];
  for (const name of documentNames) {
    t.ok(documentSchemas[name].safeParse(altered(name, {})).success, name);
    for (const changes of [...always, ...hostile[name]]) {
      const isTaken = documentSchemas[name].safeParse(altered(name, changes)).success;
      t.notOk(isTaken, `${name}: ${JSON.stringify(changes).slice(0, 80)}`);
    }
  }
});

t.test('the largest documents fit one message', async (t) => {
  const titles = many(20_000, {
    title: 't-00001',
    name: '平凡的世界（第一部）',
    author: '路遥',
    language: 'zh',
    loanClass: 'new',
  });
  const holdings = { version: 1, titles, items: many(20_000, { item, title: 't-00001', wanted: true }) };
  const [example] = document.components.messages.patrons?.examples ?? [];
  const { cards, blocked, revoked } = documentSchemas.patrons.parse(example?.payload);
  const patrons = {
    version: 1,
    cards: many(20_000, cards[0]),
    blocked: many(20_000, blocked[0]),
    revoked: many(10_000, revoked[0]),
  };
  for (const largest of [holdings, patrons]) {
    t.ok(Buffer.byteLength(JSON.stringify(largest)) < limits.linkMessageBytes);
  }
});

t.test('whoever listens to the wire finds what breaks the contract', async (t) => {
  const { state, health, journal } = topicsOf('jiangning', kioskId('jn-01'));
  const good = Buffer.from(JSON.stringify({ online: true, session: '5f1c7b0e9a3d2c44' }));
  t.equal(breachOf(state, good, true), null);
  t.equal(breachOf('homeassistant/status', good, true), null, 'not ours');
  t.match(breachOf(state, good, false), /not retained/);
  t.match(breachOf(health, good, true), /must have required property/);
  t.match(breachOf(`${state}/more`, good, true), /no topic of the contract/);
  t.match(breachOf(journal, good, false), /not sealed/);
  t.match(breachOf(journal, kioskSeals.seal(journal, '{}'), false), /must have required property/);
});
