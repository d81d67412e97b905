import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import type { Decision } from '../../src/circulation/decision.js';
import type { Input } from '../../src/circulation/input.js';
import type { State } from '../../src/circulation/state.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { inputs, states } from './every-pair.js';
import { checkAlways } from './invariants.js';
import type { Player } from './player.js';

/** Inputs that may change nothing, and why. Whatever a person does is answered. */
const silent: Partial<Record<Input['kind'], string>> = {
  door: 'a door is what it was known to be',
  'board-lost': 'it was lost already',
  'online-changed': 'nothing new',
  'lock-refused': 'of a visit that is over, or has opened its door',
  'pin-checked': 'who entered the PIN has gone',
  'returns-updated': 'the loan is over already',
  'time-passed': 'no deadline has come',
};

const table = new URL('test/circulation/every-pair.txt', packageRoot);

/** What `input` leads to, in a line: what is recorded, done and said, and where the visit is then. */
function answerOf(before: State, { state, events, effects }: Decision): string {
  const isNewNotice = state.notice !== before.notice && state.notice !== null;
  const parts = [
    ...events.map(({ type }) => type),
    ...effects.map(({ kind }) => `do ${kind}`),
    ...(state.visit === before.visit ? [] : [`→ ${placeOf(state)}`]),
    ...(isNewNotice ? [`says ${state.notice?.refusal}`] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return sameBut(before, state) ? 'nothing' : 'noted';
}

function placeOf({ visit }: State): string {
  if (visit.kind === 'farewell') return `farewell ${visit.outcome.kind}`;
  return visit.kind === 'working' ? `working ${visit.work.task ?? 'nothing'}` : visit.kind;
}

/** Whether the two say the same, whatever objects they are made of. */
function sameBut(one: State, other: State): boolean {
  const flat = (state: State) =>
    JSON.stringify(state, (_key, value) =>
      value instanceof Map || value instanceof Set ? [...value] : value,
    );
  return flat(one) === flat(other);
}

function decided(kiosk: Player, input: Input): { before: State; decision: Decision } {
  const before = kiosk.state;
  let seen: Decision | undefined;
  kiosk.watch((decision) => {
    seen = decision;
  });
  kiosk.play(input);
  if (!seen) throw new Error('a kiosk decides every input');
  return { before, decision: seen };
}

t.test('every state answers every input, as it is written down', async (t) => {
  const lines: string[] = [];
  for (const [name, { kind, reach }] of Object.entries(states)) {
    lines.push('', `${name}`);
    for (const [what, variants] of Object.entries(inputs)) {
      for (const [variant, made] of Object.entries(variants)) {
        const kiosk = reach();
        t.equal(kiosk.state.visit.kind, kind, name);
        const input = typeof made === 'function' ? made(kiosk) : made;
        const { before, decision } = decided(kiosk, input);
        checkAlways(decision, kiosk.events);
        const answer = answerOf(before, decision);
        if (answer === 'nothing' && !(what in silent)) t.fail(`${name}: ${what} is passed over in silence`);
        lines.push(`  ${what} (${variant}): ${answer}`);
      }
    }
  }
  const text = `${lines.slice(1).join('\n')}\n`;
  if (process.argv.includes('--write')) writeFileSync(table, text);
  const written = readFileSync(table, 'utf8').split('\n');
  t.strictSame(
    text.split('\n'),
    written,
    'see every-pair.txt; --write writes it anew, to be read before it is kept',
  );
});

t.test('every state times out, and the kiosk is free for the next visit', async (t) => {
  for (const [name, { reach }] of Object.entries(states)) {
    const kiosk = reach();
    kiosk.wait(900_000);
    t.equal(kiosk.state.visit.kind, 'idle', name);
    for (const [, variants] of Object.entries(inputs)) {
      for (const made of Object.values(variants)) {
        const next = reach();
        next.play(typeof made === 'function' ? made(next) : made).wait(900_000);
        if (next.state.visit.kind !== 'idle') t.fail(`${name}: somebody waits for ever`);
      }
    }
  }
});
