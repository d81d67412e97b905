import t from 'tap';
import { lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { ask } from '../support/http.js';
import { bianCheng, goodCode, kiosk, li, openPhone, wang } from './stage.js';
import { headingOf, Visitor } from './visitor.js';

const borrow = `k/${kiosk}/borrow`;

t.test('who scans the screen and taps a book has its door opened, and sees how it went', async (t) => {
  const { visitor, grants, say, checked, pass } = await openPhone(t);
  const arrived = await visitor.get(`k/${kiosk}?c=${goodCode}`);
  t.match(arrived.at, /^\/sign-in\?to=/, 'nobody is known yet');
  pass(60_000);
  const shelf = await visitor.post('sign-in', { patron: wang, to: `/k/${kiosk}` });
  t.equal(shelf.at, `/k/${kiosk}`);
  t.equal(headingOf(shelf), '点一本书，门就打开');
  t.match(checked, [{ code: goodCode, at: Number }], 'the code counts as of when it came');
  t.match(shelf.text, /王阿姨/);
  const asked = await visitor.get(`k/${kiosk}/book/${bianCheng}`);
  t.equal(headingOf(asked), '借《边城》？');
  t.equal(grants.size, 0, 'nothing opens before she says so');
  const sent = await visitor.post(borrow, { wish: bianCheng });
  t.match(sent.at, /\/loan\/0{15}1$/);
  t.match([...grants.values()], [{ isSent: true, item: bianCheng, patron: wang }]);
  t.match(sent.text, /data-waiting/);
  say({ stage: 'refused', reason: 'busy' });
  const refused = await visitor.get(sent.at);
  t.equal(headingOf(refused), '这次没有借成');
  t.notMatch(refused.text, /data-waiting/);
  await visitor.post(borrow, { wish: 'any' });
  t.match([...grants.values()].at(-1), { isSent: true, item: null });
  t.equal(checked.length, 1, 'a code is judged once');
});

t.test('without a good code a phone gets a code for the reader, and is told why', async (t) => {
  const { visitor, grants, signIn, pass } = await openPhone(t);
  const plain = await signIn();
  t.equal(headingOf(plain), '选一本书，取借书码');
  t.match(plain.text, /没有收到书柜屏幕上的码/);
  const guessed = await visitor.get(`k/${kiosk}?c=00000000`);
  t.equal(guessed.at, `/k/${kiosk}`, 'no address keeps a code');
  t.match(guessed.text, /刚才的码已经变了/);
  const shown = await visitor.post(borrow, { wish: bianCheng });
  t.match([...grants.values()], [{ isSent: false }]);
  t.match(shown.text, /<svg class="code"/);
  await visitor.get(`k/${kiosk}?c=${goodCode}`);
  pass(limits.phonePresenceMs);
  t.equal(headingOf(await visitor.get(`k/${kiosk}`)), '选一本书，取借书码', 'she has gone since');
  await visitor.post(borrow, { wish: bianCheng });
  t.match([...grants.values()].at(-1), { isSent: false });
});

t.test('the proof is hers alone, and for that kiosk', async (t) => {
  const { visitor, signIn, url } = await openPhone(t);
  await visitor.get(`k/${kiosk}?c=${goodCode}`);
  t.equal(headingOf(await signIn()), '点一本书，门就打开');
  t.equal(headingOf(await signIn(li)), '选一本书，取借书码');
  const thief = new Visitor(url);
  for (const [name, value] of visitor.cookies) thief.cookies.set(name, value.replace(/.{8}$/, 'AAAAAAAA'));
  t.match((await thief.get(`k/${kiosk}`)).at, /^\/sign-in/, 'a ticket that was changed is none');
  const swapped = new Visitor(url);
  swapped.cookies.set('who', visitor.cookies.get('here') ?? '');
  t.match((await swapped.get(`k/${kiosk}`)).at, /^\/sign-in/, 'a ticket is for what it says');
});

t.test('nobody sees another’s grant', async (t) => {
  const { visitor, signIn, url } = await openPhone(t);
  await signIn();
  const mine = await visitor.post(borrow, { wish: bianCheng });
  t.equal(mine.status, 200);
  const other = new Visitor(url);
  await other.post('sign-in', { patron: li, to: '/' });
  const seen = await other.get(mine.at);
  t.equal(seen.status, 404);
  t.notMatch(seen.text, /边城|class="code"/);
});

t.test('wishes are bounded, and the same wish at once is the same', async (t) => {
  const { visitor, signIn, grants, catalogue } = await openPhone(t);
  await signIn();
  catalogue.sameGrant = () => [...grants.keys()].at(-1) ?? null;
  const first = await visitor.post(borrow, { wish: bianCheng });
  t.equal((await visitor.post(borrow, { wish: bianCheng })).at, first.at);
  catalogue.sameGrant = () => null;
  for (let wish = 1; wish < limits.phoneRequestAttempts; wish++)
    await visitor.post(borrow, { wish: bianCheng });
  t.equal(grants.size, limits.phoneRequestAttempts);
  t.equal((await visitor.post(borrow, { wish: bianCheng })).status, 429);
  t.equal(grants.size, limits.phoneRequestAttempts);
});

t.test('maps of whatever site may ask where the kiosks are', async (t) => {
  const { visitor, catalogue } = await openPhone(t);
  catalogue.stations = () => [];
  const { headers, text, status } = await visitor.get('stations.json');
  t.strictSame([status, headers.get('access-control-allow-origin')], [200, '*']);
  t.equal(headers.get('cross-origin-resource-policy'), 'cross-origin');
  t.match(JSON.parse(text), { lastUpdated: Number, ttlS: 60, stations: [] });
});

t.test('a request for another host, a form of another page and nonsense are refused', async (t) => {
  const { visitor, signIn, url, grants } = await openPhone(t);
  await signIn();
  t.equal((await ask(`${url}k/${kiosk}`, { host: 'evil.example' })).status, 421);
  for (const origin of ['https://evil.example', 'null']) {
    t.equal((await visitor.post(borrow, { wish: bianCheng }, origin)).status, 403, origin);
  }
  for (const wish of ['', '1', 'all', `${bianCheng}0`]) {
    t.equal((await visitor.post(borrow, { wish })).status, 400, wish);
  }
  t.equal((await visitor.post(borrow, { wish: 'x'.repeat(5_000) })).status, 413);
  t.equal((await visitor.post('sign-in', { patron: 'nobody' })).status, 400);
  t.equal((await visitor.post('sign-in', { patron: wang, to: '//evil.example' })).at, '/');
  for (const path of ['k/jn-99', 'k/JN', 'k/', '', `k/${kiosk}/loan/1`, `k/${kiosk}/book/1`]) {
    const { status, headers } = await visitor.get(path);
    t.equal(status, 404, path);
    t.match(headers.get('content-security-policy'), /default-src 'none'/);
  }
  t.equal((await visitor.get('scan')).status, 404, 'only in a demo');
  t.equal(grants.size, 0);
});

t.test('what a book is called is text, not markup', async (t) => {
  const { visitor, signIn, catalogue, say } = await openPhone(t);
  catalogue.bookOf = () => ({ name: '<img src=x onerror=alert(1)>', author: '"' });
  await signIn();
  const { at } = await visitor.post(borrow, { wish: bianCheng });
  say({ stage: 'unlocked', locker: lockerNo(4), found: bianCheng });
  const { text } = await visitor.get(at);
  t.match(text, '《&lt;img');
  t.notMatch(text, '<img');
});

t.test(
  'behind a proxy with TLS it goes by its public name, and its cookies travel over TLS alone',
  async (t) => {
    const { url, port } = await openPhone(t, { publicUrl: 'https://lening.example' });
    t.equal(url, 'https://lening.example/');
    const own = `http://127.0.0.1:${port}/k/${kiosk}?c=${goodCode}`;
    t.equal((await ask(own, { host: `127.0.0.1:${port}` })).status, 421);
    const { status, headers } = await ask(own, { host: 'lening.example' });
    t.equal(status, 303);
    for (const cookie of headers['set-cookie'] ?? []) t.match(cookie, /; HttpOnly; Secure; SameSite=Lax/);
  },
);
