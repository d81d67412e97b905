import t from 'tap';
import { readTapResults } from '../../scripts/test/tap-results.js';

const outcomes = (tap: string) => readTapResults(tap).map(({ name, outcome }) => [name, outcome]);

t.test('each top-level test and each bare assertion counts once', async (t) => {
  const tap = `TAP version 14
# Subtest: nested
    ok 1 - one
    # Subtest: inner
        ok 1 - two
        1..1
    ok 2 - inner
    1..2
ok 1 - nested # time=3ms
ok 2 - bare
1..2
`;
  t.strictSame(outcomes(tap), [
    ['nested', 'passed'],
    ['bare', 'passed'],
  ]);
});

t.test('a failed test says which assertion failed inside it, and the difference', async (t) => {
  const tap = `TAP version 14
# Subtest: lends
    ok 1 - fine
    # Subtest: inner
        not ok 1 - same
          ---
          diff: |
            -1
            +2
          stack: |
            there.js:1
          ...
        1..1
    not ok 2 - inner
      ---
      at:
        lineNumber: 1
      ...
    1..2
not ok 1 - lends
1..1
`;
  t.strictSame(readTapResults(tap), [
    { name: 'lends', outcome: 'failed', reason: '', details: ['inner › same\n-1\n+2\nthere.js:1'] },
  ]);
});

t.test('skipped and postponed tests are found at any depth, with their reasons', async (t) => {
  const tap = `TAP version 14
ok 1 - whole # SKIP no board here
not ok 2 - later # TODO
# Subtest: outer
    ok 1 - part # SKIP why
    1..1
ok 3 - outer
1..3
`;
  t.strictSame(
    readTapResults(tap).map(({ name, outcome, reason }) => `${name}: ${outcome} ${reason}`),
    [
      'whole: skipped no board here',
      'later: skipped no reason given',
      'outer › part: skipped why',
      'outer: passed ',
    ],
  );
});

t.test('a file that ran nothing, or broke off, does not count as passed', async (t) => {
  t.strictSame(outcomes(''), [['the file', 'failed']]);
  t.strictSame(outcomes('TAP version 14\n1..0\n'), [['the file', 'failed']]);
  t.strictSame(outcomes('TAP version 14\nok 1 - a\n'), [
    ['a', 'passed'],
    ['the file', 'failed'],
  ]);
  t.strictSame(outcomes('TAP version 14\n# Subtest: a\n    ok 1 - b\n').at(-1), ['the file', 'failed']);
});
