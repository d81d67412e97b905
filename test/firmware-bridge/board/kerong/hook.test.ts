import t from 'tap';
import { type Hook, pollHook, unseenHook } from '../../../../firmware-bridge/board/kerong/hook.js';

/** The hook after polls that said: + it holds, - it does not. */
const after = (polls: string, hook: Hook = unseenHook) =>
  [...polls].reduce((seen, poll) => pollHook(seen, poll === '+'), hook);
const repeated = (polls: string, times: number) => polls.repeat(times);

t.test('a door is believed when two polls in a row agree, and not before', async (t) => {
  t.equal(after('').door, 'unknown');
  t.equal(after('+').door, 'unknown');
  t.equal(after('++').door, 'closed');
  t.equal(after('--').door, 'open');
  t.equal(after('+-').door, 'unknown');
  t.equal(after('++-').door, 'closed', 'one poll is not enough to open it');
  t.equal(after('++--').door, 'open');
  t.equal(after('++-+').door, 'closed');
});

t.test('a resident’s hand is no chatter, a loose contact is', async (t) => {
  t.notOk(after(repeated('+++++-----', 20)).chatters, 'a door opened and shut each second');
  const loose = after(repeated('+-', 6));
  t.ok(loose.chatters, 'twelve polls that differ');
  t.equal(loose.door, 'unknown');
  t.notOk(after(repeated('+-', 3)).chatters, 'a bounce');
});

t.test(
  'chatter is over once the contact has been still for long enough, and the door is known again',
  async (t) => {
    const loose = after(repeated('+-', 6));
    t.ok(after(repeated('+', 15), loose).chatters, 'not yet');
    t.equal(after(repeated('+', 15), loose).door, 'unknown');
    const still = after(repeated('+', 60), loose);
    t.notOk(still.chatters);
    t.equal(still.door, 'closed');
  },
);
