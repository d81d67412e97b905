import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Test } from 'tap';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../src/kernel/package-root.js';
import type { PassingMessage } from '../../src/mqtt/embedded-broker.js';
import { sealedText } from '../../src/passes/seal.js';

const reference = z.object({ $ref: z.string() });
const documentSchema = z.object({
  channels: z.record(
    z.string(),
    z.object({ address: z.string(), description: z.string(), messages: z.record(z.string(), reference) }),
  ),
  components: z.object({
    messages: z.record(
      z.string(),
      z.object({
        contentType: z.string().optional(),
        payload: reference,
        examples: z.array(z.object({ payload: z.unknown() })),
      }),
    ),
    schemas: z.record(z.string(), z.looseObject({})),
  }),
});

/** The text of the contract. */
export const contractText = readFileSync(new URL('src/contract/asyncapi.yaml', packageRoot), 'utf8');
/** What it says. */
export const contract = documentSchema.parse(parse(contractText));

const ajv = new Ajv({ strict: false, allErrors: true });
// The package is CommonJS, and its types say otherwise.
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
ajv.addSchema({ $id: 'contract', components: { schemas: contract.components.schemas } });

/** Whether a JSON value is the message `name`, by the contract’s JSON Schema alone. */
export function validatorOf(name: string): ValidateFunction {
  const { $ref } = contract.components.messages[name]?.payload ?? { $ref: '' };
  return ajv.compile({ $ref: `contract${$ref}` });
}

interface Rule {
  readonly pattern: RegExp;
  readonly isSealed: boolean;
  readonly isRetained: boolean;
  readonly validate: ValidateFunction;
}

const rules: readonly Rule[] = Object.values(contract.channels).map(({ address, description, messages }) => {
  const name = Object.keys(messages)[0] ?? '';
  const { contentType } = contract.components.messages[name] ?? {};
  return {
    pattern: new RegExp(`^${address.replaceAll(/\{[a-z]+\}/g, '[^/]+')}$`),
    isSealed: contentType !== undefined,
    isRetained: description.startsWith('Retained'),
    validate: validatorOf(name),
  };
});

/** Why a message is not as the contract has it; null where it is. An empty one takes back what was retained. */
export function breachOf(topic: string, payload: Uint8Array, isRetained: boolean): string | null {
  if (!topic.startsWith('lening/')) return null;
  const rule = rules.find(({ pattern }) => pattern.test(topic));
  if (!rule) return `${topic} is no topic of the contract`;
  if (rule.isRetained !== isRetained) return `${topic} is ${isRetained ? '' : 'not '}retained`;
  if (payload.length === 0) return null;
  const text = rule.isSealed ? sealedText(payload) : payload;
  if (!text) return `${topic} is not sealed`;
  if (rule.validate(JSON.parse(Buffer.from(text).toString('utf8')))) return null;
  return `${topic}: ${ajv.errorsText(rule.validate.errors)}`;
}

/** Lets `test` fail for each message that the program, as kiosk or as catalogue, does not send as the contract has it. */
export function holdToContract(test: Test): (message: PassingMessage) => void {
  return ({ clientId, topic, payload, retained }) => {
    const breach = clientId.startsWith('lening-') ? breachOf(topic, payload, retained) : null;
    if (breach) test.fail(breach);
  };
}
