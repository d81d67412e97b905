import { get } from 'node:http';
import t, { type Test } from 'tap';
import { Fault } from '../../src/kernel/faults.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import type { ScreenIntent } from '../../src/screen/intent.js';
import { createScreen } from '../../src/screen/server.js';
import { viewOf } from '../../src/screen/view.js';
import { ask } from '../support/http.js';
import { until } from '../support/until.js';
import { bianCheng, boards, contextAt, quietState } from './fixture.js';

async function startScreen(t: Test, port = 0) {
  const intents: ScreenIntent[] = [];
  const screen = createScreen({
    port,
    host: '127.0.0.1',
    log: silentLog,
    onIntent: (intent) => intents.push(intent),
  });
  t.teardown(() => screen.close());
  const { url } = await screen.start();
  const { host, origin } = new URL(url);
  const post = (body: string, headers: Record<string, string> = { host, origin }) =>
    ask(`${url}intent`, headers, body);
  return { screen, url, host, origin, intents, post };
}

/** Follows `/live` and collects the views; resolves with the status of the answer. */
function followLive(t: Test, url: string) {
  const views: unknown[] = [];
  let edition = '';
  const status = new Promise<number>((resolve, reject) => {
    const asked = get(`${url}live`, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const events = (text + chunk).split('\n\n');
        text = events.pop() ?? '';
        for (const event of events) {
          if (event.startsWith('data: ')) views.push(JSON.parse(event.slice(6)));
          else if (event.startsWith('event: edition')) edition = event;
        }
      });
      response.on('error', () => undefined);
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    t.teardown(() => asked.destroy());
  });
  return { views, status, edition: () => edition };
}

t.test('the page and its parts are served, with nothing allowed from elsewhere', async (t) => {
  const { url, host } = await startScreen(t);
  const page = await ask(url, { host });
  t.equal(page.status, 200);
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
  t.notMatch(policy, /unsafe|\*|http/);
  const parts = [...page.body.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
  t.ok(parts.length >= 5);
  for (const part of [...parts, '/preact.js'])
    t.equal((await ask(new URL(part, url).href, { host })).status, 200, part);
  t.notMatch(page.body, /https?:\/\//);
});

t.test('the code for phones is that of the view that is shown', async (t) => {
  const { url, host, screen } = await startScreen(t);
  const code = () => ask(`${url}wechat.svg`, { host });
  t.equal((await code()).status, 503, 'nothing is shown yet');
  screen.show(viewOf(quietState(), contextAt()));
  const first = await code();
  t.equal(first.headers['content-type'], 'image/svg+xml');
  t.match(first.body, /^<svg/);
  t.equal((await code()).body, first.body);
  screen.show(viewOf(quietState(), { ...contextAt(), invitation: 'https://books.example/k/jn-01' }));
  t.not((await code()).body, first.body);
});

t.test('a request under another host name is refused (DNS rebinding)', async (t) => {
  const { url, host } = await startScreen(t);
  const { port } = new URL(url);
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${Number(port) - 1}`]) {
    t.equal((await ask(url, { host: name })).status, 421, name);
    t.equal((await ask(`${url}live`, { host: name })).status, 421, name);
  }
  t.equal((await ask(url, { host: host.replace('127.0.0.1', 'localhost') })).status, 200);
});

t.test('an intent from another page, or from none, is refused', async (t) => {
  const { host, post, intents } = await startScreen(t);
  const body = JSON.stringify({ kind: 'cancel' });
  for (const origin of ['http://evil.example', 'null', `https://${host}`]) {
    t.equal((await post(body, { host, origin })).status, 403, origin);
  }
  t.equal((await post(body, { host })).status, 403, 'no origin');
  t.same(intents, []);
});

t.test('intents arrive as they were meant', async (t) => {
  const { post, intents } = await startScreen(t);
  const all: ScreenIntent[] = [
    { kind: 'choose-locker', locker: lockerNo(7) },
    { kind: 'enter-pin', pin: '0417' },
    { kind: 'enter-pin', pin: '12345678' },
    { kind: 'choose-return' },
    { kind: 'choose-renewal', item: bianCheng },
    { kind: 'want-another' },
    { kind: 'not-taken', locker: lockerNo(7) },
    { kind: 'report-damage', damage: 'wet' },
    { kind: 'cancel' },
    { kind: 'door-stuck' },
    { kind: 'staff', act: { do: 'count' } },
    { kind: 'staff', act: { do: 'withdraw', locker: lockerNo(7) } },
    { kind: 'staff', act: { do: 'found-nothing' } },
  ];
  for (const intent of all) t.equal((await post(JSON.stringify(intent))).status, 202);
  t.same(intents, all);
});

t.test('whatever is not an intent is refused', async (t) => {
  const { post, intents } = await startScreen(t);
  const wrong = [
    '',
    '{',
    'null',
    '[]',
    '{"kind":"unlock","locker":1}',
    '{"kind":"choose-locker"}',
    '{"kind":"choose-locker","locker":0}',
    '{"kind":"choose-locker","locker":1.5}',
    '{"kind":"choose-locker","locker":"1"}',
    '{"kind":"choose-locker","locker":1,"all":true}',
    '{"kind":"cancel","locker":1}',
    '{"kind":"enter-pin","pin":"123"}',
    '{"kind":"enter-pin","pin":"123456789"}',
    '{"kind":"enter-pin","pin":"12a4"}',
    '{"kind":"enter-pin","pin":1234}',
    '{"kind":"choose-renewal","item":"1"}',
    '{"kind":"report-damage","damage":"eaten"}',
    '{"kind":"staff","act":{"do":"sell"}}',
    '{"kind":"staff","act":{"do":"open"}}',
    '{"kind":"staff","act":{"do":"count","locker":1}}',
    '{"kind":"staff","act":{"do":"open","locker":1,"all":true}}',
  ];
  for (const body of wrong) t.equal((await post(body)).status, 400, body);
  t.same(intents, []);
});

t.test('a body over the limit is refused', async (t) => {
  const { post, intents } = await startScreen(t);
  const padding = ' '.repeat(limits.screenPostBytes);
  t.equal((await post(`{"kind":"cancel"}${padding}`)).status, 413);
  t.same(intents, []);
});

t.test('a page that connects gets the current view at once, then every change', async (t) => {
  const { screen, url } = await startScreen(t);
  screen.show(viewOf(quietState(), contextAt()));
  const live = followLive(t, url);
  t.equal(await live.status, 200);
  await until(() => live.views.length === 1);
  t.match(live.views[0], { phase: 'idle', online: true });
  t.match(live.edition(), /data: [0-9a-f]{64}$/);
  screen.show(viewOf(quietState({ boards: boards(false) }), contextAt()));
  await until(() => live.views.length === 2);
  t.match(live.views[1], { phase: 'out-of-service' });
});

t.test('views shown within one turn are sent as one, the last', async (t) => {
  const { screen, url } = await startScreen(t);
  const live = followLive(t, url);
  await live.status;
  for (let i = 0; i < 100; i++) screen.show(viewOf(quietState(), contextAt(undefined, i === 99)));
  await until(() => live.views.length > 0);
  t.match(live.views, [{ online: true }]);
});

t.test('a page beyond the limit is turned away, and let in when another has left', async (t) => {
  const { url } = await startScreen(t);
  const pages = Array.from({ length: limits.screenClients }, () => get(`${url}live`, { agent: false }));
  t.teardown(() => {
    for (const page of pages) page.destroy();
  });
  await Promise.all(pages.map((page) => new Promise((resolve) => page.once('response', resolve))));
  t.equal(await followLive(t, url).status, 503);
  pages[0]?.on('error', () => undefined).destroy();
  while ((await followLive(t, url).status) !== 200);
});

t.test('a taken port is a fault in plain words', async (t) => {
  const { url } = await startScreen(t);
  const port = Number(new URL(url).port);
  const second = createScreen({
    port,
    host: '127.0.0.1',
    log: silentLog,
    onIntent: () => undefined,
  });
  const fault = await second.start().then(
    () => null,
    (error: unknown) => error,
  );
  t.ok(fault instanceof Fault);
  t.match(fault, { code: 'screen.port-taken', message: new RegExp(`${port}.*used by another program`) });
  await second.close();
});

t.test('closing ends every stream and frees the port', async (t) => {
  const { screen, url } = await startScreen(t);
  const ended = new Promise<void>((resolve) => {
    get(`${url}live`, { agent: false }, (response) => {
      response.resume().on('error', () => undefined);
      response.once('close', resolve);
      void screen.close();
    }).on('error', () => undefined);
  });
  await ended;
  await screen.close();
  await startScreen(t, Number(new URL(url).port));
});
