import { setImmediate } from 'node:timers/promises';
import { homeAssistantPrefix } from '../../../../src/config/config.js';
import { catalogueStateTopic, topicsOf } from '../../../../src/contract/topics.js';
import { lockerNo } from '../../../../src/kernel/ids.js';
import { generateSigningKey } from '../../../../src/passes/keys.js';
import type { Random } from '../../support/random.js';
import {
  type AttackOutcome,
  count,
  type ForgeryInputs,
  forgeries,
  type GenuineMessage,
  huge,
  sealMessage,
} from './forgeries.js';
import { ackOf, commandsOf, documentsOf, passOf, type TestKeys } from './genuine-messages.js';
import { createKioskTarget, type Effects, type KioskTarget, kiosk, street } from './kiosk-target.js';

/** A message and what may come of it. */
interface AttackMessage {
  readonly how: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained?: boolean;
  /** May cause an answer and an input to the core, which ignores what it has had before. */
  readonly mayBeAnswered?: boolean;
}

const topics = topicsOf(street, kiosk);
const dayMs = 86_400_000;
/** Messages between two looks at the clock and at timers. */
const messagesPerTurn = 500;

/** New keys for everybody. */
export const makeKeys = (): TestKeys => ({
  root: generateSigningKey(),
  current: generateSigningKey(),
  retired: generateSigningKey(),
  kiosk: generateSigningKey(),
  neighbour: generateSigningKey(),
});

/** Sends `messages` messages to a kiosk as a broker may that belongs to somebody else, and looks what each of them does. */
export async function attackKiosk(folder: string, messages: number, random: Random): Promise<AttackOutcome> {
  const keys = makeKeys();
  const target = createKioskTarget(folder, keys.kiosk, keys.root);
  const sent = new Map<string, number>();
  const crashes: string[] = [];
  const believed: string[] = [];
  try {
    const nextMessage = await prepare(target, keys, random);
    const before = target.effects();
    for (let n = 0; n < messages; n += 1) {
      if (n % messagesPerTurn === 0) await setImmediate();
      const attack = nextMessage();
      count(sent, attack.how);
      const { topic, payload, retained = false } = attack;
      const earlier = target.effects();
      try {
        target.deliver(topic, payload, retained);
      } catch (error) {
        crashes.push(`${attack.how}, ${topic}: ${error}`);
      }
      const done = forbiddenEffects(earlier, target.effects(), attack.mayBeAnswered === true);
      if (done.length > 0) believed.push(`${attack.how}, ${topic}: ${done.join()}`);
    }
    const unlocks = target.effects().unlocks - before.unlocks;
    return { sent, crashes, believed, unlocks, genuine: sendGenuine(target, keys) };
  } finally {
    await target.close();
  }
}

/** What a message did that it must not do. */
function forbiddenEffects(before: Effects, after: Effects, mayBeAnswered: boolean): (keyof Effects)[] {
  const never = ['unlocks', 'events', 'mark', 'documents'] as const;
  const forbidden = mayBeAnswered ? never : ([...never, 'inputs', 'answers'] as const);
  return forbidden.filter((effect) => before[effect] !== after[effect]);
}

/** Lets the kiosk live a little, and returns what makes one message after another. */
async function prepare(target: KioskTarget, keys: TestKeys, random: Random): Promise<() => AttackMessage> {
  const deliver = (message: GenuineMessage) => target.deliver(message.topic, sealMessage(message), false);
  const old = documentsOf(keys, 5);
  for (const message of [...documentsOf(keys, 4, keys.retired), ...old]) deliver(message);
  const [opened] = commandsOf(keys, 'b');
  if (opened) deliver(opened);
  for (const door of ['open', 'closed'] as const) target.submit({ kind: 'door', locker: lockerNo(1), door });
  const captured = [...old, ...(opened ? [opened] : [])];
  const constant = [...documentsOf(keys, 9), ...commandsOf(keys, 'a')];
  await firstBatch(target);
  const otherSignatures = [passOf(keys.current), passOf(keys.root)];
  const repeats = replaysOf(keys, captured);
  return () => {
    const batch = target.batch();
    const wantedMessages = batch ? [...constant, ackOf(keys, batch)] : constant;
    if (random.chance(1 / 5_000))
      return { how: 'as long as may be', topic: random.pick(wantedMessages).topic, payload: huge(random) };
    if (random.chance(0.1)) return random.pick(repeats);
    if (random.chance(0.1)) return randomRequest(random);
    const wanted = random.pick(wantedMessages);
    const others = [keys.retired, keys.kiosk, keys.neighbour];
    const other = wanted.signer === keys.root ? keys.current : keys.root;
    const inputs: ForgeryInputs = {
      target: wanted,
      captured,
      otherKeys: [...others, other],
      otherSignatures,
      random,
    };
    const [how, make] = random.pick(Object.entries(forgeries));
    return { how, topic: wanted.topic, payload: make(inputs) };
  };
}

/** Resolves once the kiosk has sent something that can be answered. */
async function firstBatch(target: KioskTarget): Promise<void> {
  while (!target.batch()) await setImmediate();
}

/** True messages again, or at another time. */
function replaysOf(keys: TestKeys, captured: readonly GenuineMessage[]): AttackMessage[] {
  const attacksOf = (
    how: string,
    messages: readonly GenuineMessage[],
    rest: Partial<AttackMessage>,
  ): AttackMessage[] =>
    messages.map((message) => ({ how, topic: message.topic, payload: sealMessage(message), ...rest }));
  const mayBeAnswered = true;
  return [
    ...attacksOf('a true one again', captured, { mayBeAnswered }),
    ...attacksOf('an older document', documentsOf(keys, 3), { mayBeAnswered }),
    ...attacksOf('a command of two days ago', commandsOf(keys, 'c', Date.now() - 2 * dayMs), {
      mayBeAnswered,
    }),
    ...attacksOf('a command of tomorrow', commandsOf(keys, 'd', Date.now() + dayMs), { mayBeAnswered }),
    ...attacksOf('a command that the broker kept', commandsOf(keys, 'e'), { retained: true }),
  ];
}

/** Unsealed messages with arbitrary content. */
function randomRequest(random: Random): AttackMessage {
  const names = [
    'report',
    'doors',
    'position',
    'logs',
    'identify',
    'self-test',
    'unlock',
    '',
    '../command',
    'a/b',
  ];
  const texts = [
    '',
    '{}',
    'null',
    'online',
    '[]',
    '{"transaction":"1"}',
    `{"transaction":"${'9'.repeat(random.between(1, 100_000))}"}`,
    '['.repeat(random.between(1, 50_000)),
    '{"online":true,"session":"00000000000000aa"}',
    '{"online":false,"session":"00000000000000aa"}',
    '{"__proto__":{"online":true},"constructor":1}',
    JSON.stringify({ transaction: random.next(), locker: 1, open: true }),
  ];
  const request = () => `${topics.request}/${random.pick(names)}`;
  const topic = random.chance(0.7)
    ? request()
    : random.pick([topics.state, catalogueStateTopic(street), `${homeAssistantPrefix}/status`]);
  const payload = Uint8Array.from(Buffer.from(random.pick(texts), 'utf8'));
  return { how: 'a question', topic, payload, mayBeAnswered: true };
}

/** Sends genuine messages, which must be accepted: documents, an acknowledgement, and a command that opens a locker. */
function sendGenuine(target: KioskTarget, keys: TestKeys): AttackOutcome['genuine'] {
  const documents = documentsOf(keys, 9);
  const commands = commandsOf(keys, 'f').slice(0, 1);
  const batch = target.batch();
  const messages = [...documents, ...(batch ? [ackOf(keys, batch)] : []), ...commands];
  const before = target.effects();
  for (const message of messages) target.deliver(message.topic, sealMessage(message), false);
  const after = target.effects();
  const marked = after.mark > before.mark ? 1 : 0;
  return {
    sent: messages.length,
    believed: after.documents - before.documents + marked + (after.unlocks - before.unlocks),
  };
}
