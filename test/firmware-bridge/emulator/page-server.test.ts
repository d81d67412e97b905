import { request } from 'node:http';
import t, { type Test } from 'tap';
import { type CabinetHands, servePage } from '../../../firmware-bridge/emulator/page-server.js';
import type { CabinetSnapshot, HandResult } from '../../../firmware-bridge/emulator/snapshot.js';
import { limits } from '../../../src/kernel/limits.js';
import { until } from '../../support/until.js';

const done: HandResult = { ok: true };

/** A page over hands that write down what they are asked to do. */
async function page(t: Test) {
  const asked: object[] = [];
  const hand: string[] = [];
  const does = (what: string) => (request: object) => {
    asked.push({ what, ...request });
    return done;
  };
  const hands: CabinetHands = {
    snapshot: () => ({
      lockers: [],
      hand: [...hand],
      props: { people: [], items: [] },
      boards: [],
    }),
    door: does('door'),
    book: does('book'),
    scan: does('scan'),
    fault: does('fault'),
  };
  const server = await servePage(0, hands);
  t.teardown(() => server.close());
  const post = (path: string, body: object | string) =>
    fetch(new URL(path, server.address), {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { server, address: server.address, hands, asked, hand, post };
}

t.test('what the page asks for is done, and answered', async (t) => {
  const { post, asked } = await page(t);
  const requests: [string, object][] = [
    ['door', { locker: 3, action: 'open' }],
    ['book', { locker: 3, action: 'take', item: '31234000000016' }],
    ['scan', { text: 'LN1:PASS' }],
    ['fault', { kind: 'unplug', board: 'left' }],
    ['fault', { kind: 'jam', locker: 3 }],
    ['fault', { kind: 'chatter', locker: 3, everyMs: 4 }],
  ];
  for (const [what, body] of requests) t.same(await (await post(`api/${what}`, body)).json(), done);
  t.same(
    asked,
    requests.map(([what, body]) => ({ what, ...body })),
  );
});

t.test('a post that is none is refused and not passed on', async (t) => {
  const { post, asked } = await page(t);
  t.equal((await post('api/door', { locker: 1, action: 'kick' })).status, 400);
  t.equal((await post('api/door', 'open!')).status, 400);
  t.equal((await post('api/fault', { kind: 'reset', locker: 3 })).status, 400);
  t.equal((await post('api/fault', { kind: 'chatter', locker: 3, everyMs: 0 })).status, 400);
  t.equal((await post('api/scan', { text: 'x'.repeat(limits.screenPostBytes) })).status, 413);
  for (const text of ['', '边城', 'a\rb', 'x'.repeat(limits.scanLengthBytes + 1)]) {
    t.same(await (await post('api/scan', { text })).json(), { ok: false, reason: 'text-not-readable' });
  }
  t.same(asked, []);
});

t.test('page, styles and scripts are served and nothing beside them', async (t) => {
  const { address } = await page(t);
  const html = await (await fetch(address)).text();
  const files = [...html.matchAll(/(?:href|src)="\/([a-z.]+)"/g)].map(([, file]) => `${file}`);
  t.ok(files.includes('app.js'));
  for (const file of files) t.equal((await fetch(new URL(file, address))).status, 200, file);
  for (const other of ['%2e%2e%2fmain.js', 'main.js', 'app.ts', '.html']) {
    t.equal((await fetch(new URL(other, address))).status, 404, other);
  }
});

t.test('only this machine’s own names and pages are answered', async (t) => {
  const { address } = await page(t);
  t.equal(await statusOf(address, {}), 200);
  t.equal(await statusOf(address, { host: 'kiosk.example' }), 421);
  t.equal(await statusOf(address, { origin: 'http://kiosk.example' }, 'POST'), 403);
});

t.test('a page hears of every change, and one more page than the limit is turned away', async (t) => {
  const { server, address, hand } = await page(t);
  const leave = new AbortController();
  t.teardown(() => leave.abort());
  const live = () => fetch(new URL('api/live', address), { signal: leave.signal });
  const snapshots: CabinetSnapshot[] = [];
  const followed = follow(await live(), snapshots).catch((error: Error) => t.equal(error.name, 'AbortError'));
  await until(() => snapshots.length === 1);
  hand.push('b1');
  server.changed();
  await until(() => snapshots.length === 2);
  t.same(snapshots[1]?.hand, ['b1']);
  const others = await Promise.all(Array.from({ length: limits.screenClients }, live));
  t.same(
    others.map(({ status }) => status).filter((status) => status !== 200),
    [503],
  );
  leave.abort();
  await followed;
  const again = new AbortController();
  t.teardown(() => again.abort());
  const retry = () => fetch(new URL('api/live', address), { signal: again.signal });
  while ((await retry()).status !== 200);
});

t.test('a port in use is a fault, by name', async (t) => {
  const { address, hands } = await page(t);
  await t.rejects(servePage(Number(new URL(address).port), hands), { code: 'screen.port-taken' });
});

async function follow(response: Response, snapshots: CabinetSnapshot[]): Promise<void> {
  const reader = response.body?.getReader();
  let text = '';
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += Buffer.from(part.value).toString();
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      snapshots.push(JSON.parse(text.slice('data: '.length, end)));
      text = text.slice(end + 2);
    }
  }
}

/** fetch sets Host itself, so this request is made by hand. */
function statusOf(page: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(page, { headers, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
