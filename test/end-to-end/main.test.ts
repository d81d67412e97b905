import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { sampleData } from '../../src/catalogue/sample-data.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { headingOf, Visitor } from '../phone/visitor.js';
import { until } from '../support/until.js';

const program = fileURLToPath(new URL('dist/src/main.js', packageRoot));

function run(t: Test, ...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** Runs it to its end: what it said, and its exit code. */
async function outcome(t: Test, ...args: string[]) {
  const child = run(t, ...args);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { out, err, code: child.exitCode };
}

/** What the screen shows now. */
async function shownBy(screen: string): Promise<string> {
  const live = await fetch(new URL('live', screen));
  const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return first?.value ?? '';
}

/** Scans the screen, chooses a book, sees its door open, takes the book and sees until when. */
async function borrowByPhone(t: Test, scan: string, cabinet: string): Promise<void> {
  const phone = new Visitor(scan);
  const stations = async () => (await phone.get('/stations.json')).text;
  await until(
    async () => /"station":"jn-01".*"isLending":true/.test(await stations()),
    'the kiosk on the map',
  );
  let shelf = await phone.get(scan);
  t.match(shelf.way.join(), /\/k\/jn-01\?c=\d{8}/, 'the screen shows a code');
  shelf = await phone.post('/sign-in', { patron: sampleData.patrons[0]?.patron ?? '', to: '/k/jn-01' });
  t.equal(headingOf(shelf), '点一本书，门就打开');
  const [, item = ''] = /\/book\/(\d{14})/.exec(shelf.text) ?? [];
  const { at } = await phone.post('/k/jn-01/borrow', { wish: item });
  const shows = async (words: RegExp) => words.test(headingOf(await phone.get(at)));
  await until(() => shows(/请拉开/), 'the door');
  const [, locker = ''] = /class="figure"[^>]*>(\d+)/.exec((await phone.get(at)).text) ?? [];
  const hand = (action: string) =>
    fetch(new URL('api/door', cabinet), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ locker: Number(locker), action }),
    });
  await hand('open');
  await until(() => shows(/请取书/), 'the loan');
  await hand('close');
  await until(() => shows(/借好了/), 'the end');
}

t.test('the demo prints its addresses, refuses a second start, and stops on a signal', async (t) => {
  const data = t.testdir();
  const demo = run(t, '--any-ports', '--data', data);
  let said = '';
  demo.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part;
  });
  await until(() => said.includes('Ctrl-C'), 'the demo to introduce itself');
  for (const place of [/Screen +http:/, /Cabinet page +http:/, /Broker +mqtt:/]) t.match(said, place);
  const screen = /Screen +(http\S+)/.exec(said)?.[1] ?? '';
  const page = /Cabinet page +(http\S+)/.exec(said)?.[1] ?? '';
  for (const address of [screen, page]) t.equal((await fetch(address)).status, 200, address);

  const { props } = await (await fetch(new URL('api/cabinet', page))).json();
  const codes = props.people.map(({ codes }: { codes: { text: string }[] }) =>
    codes.map(({ text }) => text.slice(0, 4)),
  );
  const [resident, staff] = [['LN1:', '2010', 'LN1:'], ['LNS1']];
  t.strictSame(codes, [...Array(6).fill(resident), staff, staff], 'what people can hold up');

  await until(async () => (await shownBy(screen)).includes('"phase":"idle"'), 'the board to be ready');
  await borrowByPhone(t, /Phone +(http\S+)/.exec(said)?.[1] ?? '', page);

  const second = await outcome(t, '--any-ports', '--data', data);
  t.equal(second.code, 1);
  t.match(second.err, /journal\.busy: .* is in use by another process\nStop the other process/);

  demo.kill('SIGINT');
  const [code] = await once(demo, 'exit');
  t.equal(code, 0);
  await t.rejects(fetch(page), 'nothing is left running');
});

t.test('an invalid configuration is refused with its path and the remedy', async (t) => {
  const file = `${t.testdir()}/kiosk.yaml`;
  writeFileSync(file, 'kiosk: JN 01\n');
  const { code, err } = await outcome(t, '--config', file);
  t.equal(code, 1);
  t.match(err, /config\.invalid: .*kiosk\.yaml/);
  t.match(err, /Correct the place the message names/);
});
