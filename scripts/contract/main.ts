import { readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { z } from 'zod';
import {
  barcode,
  command,
  eventSchema,
  hex16,
  hold,
  instant,
  locker,
  patron,
  recordedEventSchema,
  staff,
  visit,
} from '../../src/circulation/event-schema.js';
import { commandAnswerSchema, commandSchema, orderSchema } from '../../src/contract/command-messages.js';
import { documentSchemas } from '../../src/contract/document-messages.js';
import {
  alertSchema,
  alertsSchema,
  faultCode,
  healthSchema,
  stationSchema,
} from '../../src/contract/monitoring-messages.js';
import { requestSchema, responseSchema } from '../../src/contract/request-messages.js';
import { ackSchema, batchSchema, stateSchema } from '../../src/contract/topics.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../../src/terminal/command.js';

/** The command line of `npm run contract`. */
export function contractCommand(): Command {
  return createCommand(
    'npm run contract --',
    'Generates the schemas of src/contract/asyncapi.yaml from those of the code.',
    ['npm run contract'],
  ).action(writeSchemas);
}

function writeSchemas(): void {
  const file = new URL('src/contract/asyncapi.yaml', packageRoot);
  const before = readFileSync(file, 'utf8');
  const after = withSchemas(before);
  if (after !== before) writeFileSync(file, after);
  process.stdout.write(after === before ? 'asyncapi.yaml is up to date\n' : 'asyncapi.yaml was written\n');
}

/** The schema of each message of the contract, by its name there. */
export const messageSchemas: Readonly<Record<string, z.ZodType>> = {
  state: stateSchema,
  batch: batchSchema,
  ack: ackSchema,
  command: commandSchema,
  commandAnswer: commandAnswerSchema,
  ...documentSchemas,
  health: healthSchema,
  station: stationSchema,
  alerts: alertsSchema,
  alert: alertSchema,
  request: requestSchema,
  response: responseSchema,
};

/** What several messages have in common, and is named for that. */
const common: Readonly<Record<string, z.ZodType>> = {
  hex16,
  barcode,
  instant,
  locker,
  visit,
  patron,
  staff,
  hold,
  commandId: command,
  faultCode,
  event: eventSchema,
  recordedEvent: recordedEventSchema,
  order: orderSchema,
};

const prefix = '#/components/schemas/';

/** The JSON Schemas (draft 7, as AsyncAPI 3 has them) of all messages: what is sent and heard must fit them. */
function jsonSchemas(): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries({ ...common, ...messageSchemas })) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    uri: (id) => prefix + id,
  });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]));
}

/** Without what only a schema in a file of its own needs. A number that JavaScript cannot count to needs no limit. */
function plain(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (key, part) => {
      if (key === '$schema' || key === '$id') return undefined;
      if (key === 'maximum' && part === Number.MAX_SAFE_INTEGER) return undefined;
      const isReference = typeof part === 'object' && part?.allOf?.length === 1 && '$ref' in part.allOf[0];
      return isReference ? part.allOf[0] : part;
    }),
  );
}

const heading = '\n  schemas:\n';

/** The document with its schemas as the code has them; the rest of it is written by hand, and stays. */
export function withSchemas(document: string): string {
  const at = document.indexOf(heading);
  const head = document.slice(0, at) + heading;
  const body = stringify(jsonSchemas(), { lineWidth: 0, aliasDuplicateObjects: false });
  return head + body.replace(/^(?=.)/gm, '    ');
}

await runProgram(import.meta.url, contractCommand);
