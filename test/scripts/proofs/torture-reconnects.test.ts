import t from 'tap';
import { type Goal, isMet } from '../../../scripts/proofs/support/goals.js';
import { type Holdings, reconnectGoals } from '../../../scripts/proofs/torture/cabinet/reconnects.js';

const holding = (more: Partial<Holdings> = {}): Holdings => ({
  descriptors: 20,
  resources: ['PipeWrap', 'TTYWrap'],
  heapBytes: 20_000_000,
  rssBytes: 80_000_000,
  ...more,
});

const times = Array.from({ length: 100 }, () => 10);

/** The goals missed by a run of 1,000 reconnects that ended with these. */
function missed(last: Holdings, after = holding(), readyMs: readonly number[] = times): string[] {
  const samples = [...Array.from({ length: 19 }, () => holding()), last];
  const run = { count: 1_000, lostMs: times, readyMs, before: holding(), after, samples };
  return reconnectGoals(run)
    .filter((goal: Goal) => !isMet(goal))
    .map(({ name }) => name);
}

t.test('a driver that holds what it held misses no goal', async (t) => {
  t.strictSame(missed(holding()), []);
  t.strictSame(missed(holding({ heapBytes: 20_100_000 })), [], 'some kilobytes are noise');
});

t.test('each leak misses its goal', async (t) => {
  t.match(missed(holding({ descriptors: 21 })), [/open files .* connected/]);
  t.match(missed(holding(), holding({ descriptors: 21 })), [/open files .* closed/]);
  const oneMore = ['PipeWrap', 'PipeWrap', 'TTYWrap'];
  t.match(missed(holding({ resources: oneMore })), [/handles .* connected/]);
  t.match(missed(holding(), holding({ resources: oneMore })), [/handles .* closed/]);
  t.match(missed(holding({ heapBytes: 22_000_000 })), [/heap growth/]);
  t.match(missed(holding({ rssBytes: 110_000_000 })), [/resident memory/]);
});

t.test('a slow reconnect among a hundred is seen', async (t) => {
  t.match(missed(holding(), holding(), [...times, 9_000, 9_000]), [/ready, p99/]);
});
