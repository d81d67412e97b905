import t from 'tap';
import type { Input } from '../../src/circulation/input.js';
import type { Command, CommandAnswer } from '../../src/contract/command-messages.js';
import { commandId, lockerNo, staffId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { type ClockTrust, epochMs } from '../../src/kernel/time.js';
import { createCommandHandler } from '../../src/kiosk/command-input.js';
import { momentAt } from '../support/clocks.js';

const now = 1_800_000_000_000;
const order = { kind: 'restore', locker: lockerNo(1), by: staffId('5555555555555555') } as const;
const command = (changes: Partial<Command> = {}): Command => ({
  command: commandId('00000000000000c1'),
  issuedAt: epochMs(now - 1_000),
  expiresAt: epochMs(now + 1_000),
  order,
  ...changes,
});

function gate(trust: ClockTrust = 'trusted') {
  const inputs: Input[] = [];
  const answers: CommandAnswer[] = [];
  let elapsed = 0;
  const judge = createCommandHandler({
    clock: { now: () => momentAt(now, trust, elapsed) },
    submit: (input) => void inputs.push(input),
  });
  const take = (command: Command) => {
    const answer = judge(command);
    if (answer) answers.push(answer);
  };
  const wait = (ms: number) => {
    elapsed += ms;
  };
  return { take, inputs, answers, wait };
}

t.test('a command within its lifetime reaches the core, any other is refused', async (t) => {
  const { take, inputs, answers } = gate();
  take(command());
  t.equal(inputs.length, 1);
  take(command({ expiresAt: epochMs(now) }));
  t.match(answers.at(-1), { answer: 'refused', reason: 'command-expired' });
  take(
    command({
      issuedAt: epochMs(now + limits.commandSkewMs + 1),
      expiresAt: epochMs(now + limits.commandSkewMs + 2),
    }),
  );
  t.match(answers.at(-1), { answer: 'refused', reason: 'command-early' });
  take(command({ expiresAt: epochMs(now + limits.commandLifeMs + 1) }));
  t.match(answers.at(-1), { answer: 'refused', reason: 'command-too-long' });
  t.equal(inputs.length, 1);
});

t.test('with a clock in doubt a command is accepted once, and only with the challenge', async (t) => {
  const { take, inputs, answers } = gate('floor');
  take(command());
  const [first] = answers;
  t.match(first, { answer: 'refused', reason: 'clock-in-doubt', challenge: /^[0-9a-f]{16}$/ });
  take(command({ challenge: '0123456789abcdef' }));
  t.equal(answers.at(-1)?.challenge, first?.challenge, 'the same, while it is young');
  take(command({ challenge: first?.challenge }));
  t.equal(inputs.length, 1);
  take(command({ challenge: first?.challenge }));
  t.equal(inputs.length, 1, 'not a second time');
  t.not(answers.at(-1)?.challenge, first?.challenge);
});

t.test('a challenge expires', async (t) => {
  const { take, inputs, answers, wait } = gate('floor');
  take(command());
  const [first] = answers;
  wait(limits.commandChallengeMs);
  take(command({ challenge: first?.challenge }));
  t.strictSame([inputs.length, answers.length], [0, 2]);
  t.not(answers[1]?.challenge, first?.challenge);
});

t.test('with a clock in doubt an expired command is refused, also with the challenge', async (t) => {
  const { take, inputs, answers } = gate('floor');
  take(command());
  take(command({ expiresAt: epochMs(now), challenge: answers[0]?.challenge }));
  t.match(answers.at(-1), { answer: 'refused', reason: 'command-expired' });
  t.equal(inputs.length, 0);
});
