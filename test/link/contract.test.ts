import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { z } from 'zod';
import { eventTypes } from '../../src/circulation/event-schema.js';
import { kioskId } from '../../src/kernel/ids.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { ackSchema, batchSchema, stateSchema, topicsOf } from '../../src/link/contract.js';
import { documentSchemas } from '../../src/link/documents.js';

const documentSchema = z.object({
  channels: z.record(z.string(), z.object({ address: z.string() })),
  components: z.object({
    messages: z.record(z.string(), z.object({ examples: z.array(z.object({ payload: z.unknown() })) })),
  }),
});
const source = readFileSync(new URL('src/link/asyncapi.yaml', packageRoot), 'utf8');
const document = documentSchema.parse(parse(source));

/** The code's schema of each message of the document. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  state: stateSchema,
  batch: batchSchema,
  ack: ackSchema,
  ...documentSchemas,
};

t.test('the document’s addresses are the topics the code uses', async (t) => {
  const { documents, ...others } = topicsOf('jiangning', kioskId('jn-01'));
  const addresses = Object.entries(document.channels).map(([name, { address }]) => [
    name,
    address.replace('{street}', 'jiangning').replace('{kiosk}', 'jn-01'),
  ]);
  t.strictSame(Object.fromEntries(addresses), { ...others, ...documents });
});

t.test('every message has its schema, and every example is a message the code takes', async (t) => {
  t.strictSame(Object.keys(document.components.messages).sort(), Object.keys(schemas).sort());
  for (const [name, { examples }] of Object.entries(document.components.messages)) {
    for (const { payload } of examples) {
      t.strictSame(schemas[name]?.parse(payload), payload, name);
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
