import t, { type Test } from 'tap';
import {
  answer,
  type CabinetState,
  closeDoor,
  type HandOutcome,
  newCabinet,
  openDoor,
  putBook,
  showLockers,
  switchRelay,
  takeBook,
} from '../../../firmware-bridge/emulator/cabinet.js';
import { type PageServer, servePage } from '../../../firmware-bridge/emulator/page-server.js';
import { openBrowser } from '../../../scripts/test/browser.js';
import { until } from '../../support/until.js';

const pass = `LN1:${'6BF+70790T9WJWG.FKY'.repeat(10)}`;
const props = {
  people: [
    {
      name: '林桂芳',
      label: '72 岁',
      codes: [
        { zh: '借书码', en: 'Pass', text: pass },
        { zh: '借书证', en: 'Card', text: '21234567890123' },
      ],
    },
  ],
  items: [
    { item: '30000000000017', title: '边城', author: '沈从文' },
    { item: '30000000000025', title: 'Charlotte’s Web', author: 'E. B. White' },
  ],
};

const browser = await openBrowser();
t.teardown(() => browser.close());
const context = await browser.newContext({ reducedMotion: 'reduce' });

/** The page before a cabinet of three lockers: 边城 in 1, Charlotte’s Web on the table, nobody at the relays. */
async function openPage(t: Test) {
  let state = newCabinet(
    [1, 2, 3],
    [
      { item: '30000000000017', locker: 1 },
      { item: '30000000000025', locker: null },
    ],
  );
  const scans: string[] = [];
  const become = (next: CabinetState) => {
    state = next;
    server.changed();
  };
  const act = (outcome: HandOutcome) => {
    if (outcome.ok) become(outcome.state);
    return answer(outcome);
  };
  const server: PageServer = await servePage(0, {
    snapshot: () => ({ lockers: showLockers(state, 0), hand: state.hand, props, boards: [] }),
    door: ({ locker, action }) =>
      act(action === 'open' ? openDoor(state, locker, 0) : closeDoor(state, locker)),
    book: ({ action, locker, item }) => act((action === 'take' ? takeBook : putBook)(state, locker, item)),
    fault: () => ({ ok: true }),
    scan: ({ text }) => {
      scans.push(text);
      return { ok: true };
    },
  });
  t.teardown(() => server.close());
  const page = await context.newPage();
  t.teardown(() => page.close());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(server.address);
  const locker = (number: number) => page.locator('.locker').nth(number - 1);
  await locker(1).waitFor();
  const release = (number: number) =>
    become(switchRelay(switchRelay(state, number, true, 0), number, false, 0));
  return { page, locker, release, scans, errors, now: () => state };
}

t.test('a locked door rattles and says so; a released one opens', async (t) => {
  const { locker, release, now, errors } = await openPage(t);
  await locker(1).locator('.door').click();
  await locker(1).getByText('锁着').waitFor();
  t.notOk(now().lockers[0]?.doorOpen);
  release(1);
  await locker(1).and(locker(1).page().locator('[data-lock="free"]')).waitFor();
  await locker(1).locator('.door').click();
  await until(() => now().lockers[0]?.doorOpen === true);
  t.same(errors, []);
});

t.test('with the keyboard alone a book is taken, another put in its place, and the door shut', async (t) => {
  const { page, locker, release, now } = await openPage(t);
  release(1);
  await locker(1).locator('.door').press('Enter');
  await locker(1).locator('.take').press('Enter');
  await until(() => now().hand.length === 2);
  await page.getByRole('button', { name: 'Charlotte’s Web' }).press('Enter');
  await locker(1).locator('.put').press('Enter');
  await until(() => now().lockers[0]?.item === '30000000000025');
  await locker(1).locator('.shut').press('Enter');
  await until(() => now().lockers[0]?.doorOpen === false);
  t.same(now().hand, ['30000000000017']);
});

t.test('behind a shut door nothing can be reached', async (t) => {
  const { locker } = await openPage(t);
  t.ok(
    await locker(1)
      .locator('.inside')
      .evaluate((inside) => (inside as HTMLElement).inert),
  );
});

t.test('passes, cards, door codes and labels reach the reader as they are', async (t) => {
  const { page, scans } = await openPage(t);
  await page.getByRole('button', { name: '借书码 Pass', exact: true }).click();
  await page.getByRole('button', { name: '借书证 Card' }).click();
  await page.getByLabel('柜门上的码').selectOption('3');
  await page.getByRole('button', { name: '扫一下' }).click();
  await page.getByRole('button', { name: 'Charlotte’s Web' }).click();
  await page.getByRole('button', { name: '扫条码' }).click();
  await until(() => scans.length === 4);
  t.same(scans, [pass, '21234567890123', 'LNL:JN-01:03', '30000000000025']);
});

t.test('the forged pass differs from a true one in one character of its signature', async (t) => {
  const { page, scans } = await openPage(t);
  await page.getByRole('button', { name: '伪造的借书码' }).click();
  await until(() => scans.length === 1);
  const forged = scans[0] ?? '';
  t.equal(forged.length, pass.length);
  const changed = [...forged].flatMap((character, i) => (character === pass[i] ? [] : [i]));
  t.equal(changed.length, 1);
  t.ok((changed[0] ?? 0) > pass.length - 90, 'within the last 64 bytes');
});
