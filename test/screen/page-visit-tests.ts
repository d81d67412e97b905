import t from 'tap';
import type { State } from '../../src/circulation/state.js';
import { bianCheng, quietState } from './fixture.js';
import { openPage } from './page-harness.js';
import { asking, atPin, choosing, deadline, returned, working } from './visits.js';

// What residents and staff do during one visit; run on the page of page.test.ts.

t.test('a PIN is shown as dots, sent once, and forgotten when it was wrong', async (t) => {
  const { page, show, intents, button, posts, spoken } = await openPage();
  const dots = () => page.locator('.dots').textContent();
  show(atPin());
  for (const key of ['1', '4', '8', '2', '删除']) await button(key).click();
  t.ok(await button('确定').isDisabled(), 'three digits are no PIN');
  for (const digit of '9000007') await button(digit).click();
  t.equal(await dots(), '●'.repeat(8), 'eight at most');
  t.notMatch(await page.locator('body').innerHTML(), /14890000/);
  t.same(await posts(() => button('确定').click()), { kind: 'enter-pin', pin: '14890000' });
  t.equal(await dots(), '');
  show(atPin({}, true));
  await page.getByRole('heading', { name: '请稍等' }).waitFor();
  t.ok(await button('1').isDisabled(), 'locked while it is checked');
  show(atPin({ notice: { refusal: 'pin-wrong', deadline } }));
  await button('5').click();
  t.equal(await dots(), '●');
  show(quietState());
  await button('5').waitFor({ state: 'hidden' });
  show(atPin());
  await button('5').waitFor();
  t.equal(await dots(), '', 'gone with the visit');
  t.notMatch((await spoken()).join(), /\d/);
  t.equal(intents.length, 1);
});

t.test('her loans are one touch away, each to be renewed or given back, and gone with her', async (t) => {
  const { page, show, button, posts } = await openPage();
  show(choosing());
  await button('我借的书 1').click();
  await page.getByRole('heading', { name: '您借的书' }).waitFor();
  t.same(await posts(() => button('续借').click()), { kind: 'choose-renewal', item: bianCheng });
  t.same(await posts(() => button('没拿到书').click()), { kind: 'not-taken', locker: 1 });
  await button('选书').click();
  await page.locator('.loan').waitFor({ state: 'hidden' });
  await button('我借的书 1').click();
  show(quietState());
  await page.locator('.niche').first().waitFor();
  t.equal(await page.locator('.loan').count(), 0);
});

t.test('a returned book has a receipt, and its damage is reported with one touch', async (t) => {
  const { page, show, button, posts } = await openPage('landscape');
  show(returned(null), { receiptOf: () => 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S' });
  const code = await page.locator('.receipt svg').boundingBox();
  t.ok(code && code.width >= 300, 'large enough for any telephone');
  await page.getByText('还书凭条，可拍照留存').waitFor();
  t.same(await posts(() => button('破损').click()), { kind: 'report-damage', damage: 'torn' });
  show(returned('torn'));
  await button('破损').waitFor({ state: 'hidden' });
  show(quietState());
  await page.locator('.receipt').waitFor({ state: 'hidden' });
  t.equal(await page.locator('.receipt svg').count(), 0);
});

t.test('with her own book in hand there are two large buttons', async (t) => {
  const { show, button, posts } = await openPage();
  show(asking);
  for (const [name, intent] of [
    ['还书', { kind: 'choose-return' }],
    ['续借', { kind: 'choose-renewal', item: bianCheng }],
  ] as const) {
    const box = await button(name).boundingBox();
    t.ok(box && box.height >= 112 && box.width >= 300, name);
    t.same(await posts(() => button(name).click()), intent);
  }
});

t.test('staff touch a locker and then what to do with it', async (t) => {
  const { page, show, intents, button, posts } = await openPage('landscape');
  const sheet = page.getByRole('dialog');
  show(working());
  await page.locator('.cell').first().click();
  await sheet.getByText('边城').waitFor();
  await posts(() => sheet.getByRole('button', { name: '停用' }).click());
  await sheet.waitFor({ state: 'hidden' });
  await button(/^要取出的书/).click();
  for (const name of ['取出', '清点', '全部打开…', '退出']) await posts(() => button(name).click());
  t.same(intents, [
    { kind: 'staff', act: { do: 'withhold', locker: 1 } },
    { kind: 'staff', act: { do: 'withdraw', locker: 2 } },
    { kind: 'staff', act: { do: 'count' } },
    { kind: 'staff', act: { do: 'open-all' } },
    { kind: 'cancel' },
  ]);
});

t.test('two touches at one place do not open every door', async (t) => {
  const { page, show, button, posts } = await openPage('landscape');
  show(working('asked'));
  const box = await button('是的，全部打开').boundingBox();
  t.ok(box && box.height >= 160);
  const touch = () =>
    box ? page.mouse.click(box.x + box.width / 2, box.y + box.height / 2) : Promise.reject();
  t.same(await posts(touch), { kind: 'staff', act: { do: 'confirm' } });
  show(working('confirmed'));
  await button('马上全部打开').waitFor();
  t.same(await posts(touch), { kind: 'staff', act: { do: 'menu' } });
});

t.test('a view that arrives during a touch takes neither the touch nor the focus', async (t) => {
  const { page, show, intents, button, posts } = await openPage();
  const touch = async (name: string, state: State) => {
    show(state);
    await page.locator('.offline').waitFor({ state: 'hidden' });
    await button(new RegExp(name)).hover();
    await page.mouse.down();
    // The same view but for the mark that tells when it has arrived.
    show(state, { online: false });
    await page.locator('.offline').waitFor();
    const focused = await page.evaluate(
      () => document.activeElement?.ariaLabel ?? document.activeElement?.textContent,
    );
    t.match(focused, name, `${name} keeps the focus`);
    await page.mouse.up();
  };
  for (const [name, state, intent] of [
    ['边城', choosing(), { kind: 'choose-locker', locker: 1 }],
    ['还书', asking, { kind: 'choose-return' }],
    ['清点', working(), { kind: 'staff', act: { do: 'count' } }],
  ] as const)
    t.same(await posts(() => touch(name, state)), intent);
  await touch('5', atPin());
  t.equal(await page.locator('.dots').textContent(), '●', 'the digit counts');
  t.equal(intents.length, 3);
});
