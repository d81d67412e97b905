import { setImmediate } from 'node:timers/promises';
import type { Random } from '../../support/random.js';
import { type GenuineMessage, sealMessage } from './forgeries.js';
import { ackOf, commandsOf, documentsOf, type TestKeys } from './genuine-messages.js';
import { makeKeys } from './kiosk-campaign.js';
import { createKioskTarget, type KioskTarget } from './kiosk-target.js';

/** Values that a program of another make, or a broken one, may put in any place. */
const oddValue = (random: Random): unknown =>
  random.pick([
    null,
    true,
    -1,
    0,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    '',
    '0',
    '\u0000\uffff',
    '9'.repeat(random.between(1, 5_000)),
    [],
    {},
    [[[[[[[[]]]]]]]],
    { __proto__: { a: 1 } },
    Array.from({ length: random.between(1, 3_000) }, (_, at) => at),
  ]);

/** The same value with something in it replaced, left out, or added. */
function mutated(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.2)) return oddValue(random);
  if (Array.isArray(value)) {
    const at = random.between(0, value.length);
    return [...value.slice(0, at), mutated(value[at], random), ...value.slice(at + 1)];
  }
  const entries = Object.entries(value);
  if (random.chance(0.1)) return { ...value, surplus: oddValue(random) };
  if (entries.length === 0 || random.chance(0.1)) return Object.fromEntries(entries.slice(1));
  const [name] = random.pick(entries);
  return Object.fromEntries(entries.map(([key, part]) => [key, key === name ? mutated(part, random) : part]));
}

/** What came of nonsense. */
export interface MalformedOutcome {
  readonly sent: number;
  readonly crashes: readonly string[];
}

/**
 * Sends what the catalogue itself has sealed and what is wrong all the same. It may be believed where it happens to make
 * sense; the kiosk must live on.
 */
export async function sendMalformed(
  folder: string,
  messages: number,
  random: Random,
): Promise<MalformedOutcome> {
  const keys = makeKeys();
  const target = createKioskTarget(folder, keys.kiosk, keys.root);
  const crashes: string[] = [];
  const deliver = ({ topic, text, signer }: GenuineMessage) => {
    try {
      target.deliver(topic, sealMessage({ topic, text, signer }), false);
    } catch (error) {
      crashes.push(`${topic}: ${error}: ${text.slice(0, 200)}`);
    }
  };
  try {
    const [list] = documentsOf(keys, 1);
    if (list) deliver(list);
    for (let n = 0; n < messages; n += 1) {
      if (n % 200 === 0) await setImmediate();
      // A list of keys that is believed is the end of all the others.
      const isEnd = n > messages * 0.95;
      const truth = random.pick(newerMessages(keys, target, n).slice(isEnd ? 0 : 1));
      deliver({ ...truth, text: JSON.stringify(mutated(JSON.parse(truth.text), random)) });
    }
    return { sent: messages, crashes };
  } finally {
    await target.close();
  }
}

function newerMessages(keys: TestKeys, target: KioskTarget, n: number): GenuineMessage[] {
  const batch = target.batch();
  return [
    ...documentsOf(keys, n + 2),
    ...commandsOf(keys, n.toString(16).padStart(8, '0')),
    ...(batch ? [ackOf(keys, batch)] : []),
  ];
}
