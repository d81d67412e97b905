import t from 'tap';
import { endOfFile, TapReader, type TestResult } from '../../scripts/test/tap-results.js';

/** The tests of each file that `tap` ended, and of the one that it did not end. */
function read(tap: string): { files: TestResult[][]; rest: TestResult[] } {
  const files: TestResult[][] = [];
  const reader = new TapReader((tests) => files.push(tests));
  // It arrives in pieces, as from a pipe.
  for (const piece of tap.match(/[\s\S]{1,7}/g) ?? []) reader.write(piece);
  return { files, rest: reader.end() };
}

const outcomes = (tests: readonly TestResult[]) => tests.map(({ name, outcome }) => [name, outcome]);

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
  t.strictSame(outcomes(read(tap).rest), [
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
  t.strictSame(read(tap).rest, [
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
    read(tap).rest.map(({ name, outcome, reason }) => `${name}: ${outcome} ${reason}`),
    [
      'whole: skipped no board here',
      'later: skipped no reason given',
      'outer › part: skipped why',
      'outer: passed ',
    ],
  );
});

t.test('the tests of several files in one process are told apart', async (t) => {
  const end = (verdict: string) => `# Subtest: ${endOfFile}
    ${verdict} 1 - left as found
    1..1
${verdict} 2 - ${endOfFile}
`;
  const one = `TAP version 14\nok 1 - a\n${end('ok')}`;
  t.strictSame(read(one.slice(0, one.lastIndexOf('ok'))).files.map(outcomes), [[['a', 'passed']]], 'at once');
  const { files, rest } = read(`${one}${end('not ok')}${end('ok')}ok 5 - c\n`);
  t.strictSame(files.map(outcomes), [[['a', 'passed']], [['the file', 'failed']], [['the file', 'failed']]]);
  t.strictSame(outcomes(rest), [['c', 'passed']]);
});

t.test('a file that ran nothing does not count as passed', async (t) => {
  t.strictSame(outcomes(read('').rest), [['the file', 'failed']]);
  t.strictSame(outcomes(read('TAP version 14\n1..0\n').rest), [['the file', 'failed']]);
});
