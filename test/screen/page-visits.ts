import t from 'tap';
import { until } from '../support/until.js';
import { bianCheng, quietState } from './fixture.js';
import { needs, open } from './page-rig.js';
import { asking, atPin, choosing, deadline, returned, working } from './visits.js';

// What residents and staff do during one visit; run in the browser of page.test.ts.

t.test('a PIN is shown as dots, sent once, and forgotten when it was wrong', needs, async (t) => {
  const { page, show, intents } = await open(t);
  const key = (name: string) => page.getByRole('button', { name, exact: true });
  const dots = () => page.locator('.dots').textContent();
  show(atPin());
  await key('1').click();
  for (const digit of ['4', '8', '2']) await key(digit).click();
  await key('删除').click();
  t.ok(await key('确定').isDisabled(), 'three digits are no PIN');
  for (const digit of ['9', '0', '0', '0', '0', '0', '7']) await key(digit).click();
  t.equal(await dots(), '●'.repeat(8), 'eight at most');
  t.notMatch(await page.locator('body').innerHTML(), /14890000/);
  await key('确定').click();
  await until(() => intents.length === 1);
  t.same(intents, [{ kind: 'enter-pin', pin: '14890000' }]);
  t.equal(await dots(), '');
  show(atPin({}, true));
  await page.getByRole('heading', { name: '请稍等' }).waitFor();
  t.ok(await key('1').isDisabled(), 'locked while it is checked');
  show(atPin({ notice: { refusal: 'pin-wrong', deadline } }));
  await key('5').click();
  t.equal(await dots(), '●');
  show(quietState());
  await key('5').waitFor({ state: 'hidden' });
  show(atPin());
  await key('5').waitFor();
  t.equal(await dots(), '', 'gone with the visit');
  const said = await page.evaluate(() => (Reflect.get(window, 'said') as string[]).join());
  t.notMatch(said, /\d/);
});

t.test(
  'her loans are one touch away, each to be renewed or given back, and gone with her',
  needs,
  async (t) => {
    const { page, show, intents } = await open(t);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    show(choosing());
    await button('我借的书 1').click();
    await page.getByRole('heading', { name: '您借的书' }).waitFor();
    await button('续借').click();
    await button('没拿到书').click();
    await until(() => intents.length === 2);
    t.same(intents, [
      { kind: 'choose-renewal', item: bianCheng },
      { kind: 'not-taken', locker: 1 },
    ]);
    await button('选书').click();
    await page.locator('.loan').waitFor({ state: 'hidden' });
    await button('我借的书 1').click();
    show(quietState());
    await page.locator('.niche').first().waitFor();
    t.equal(await page.locator('.loan').count(), 0);
  },
);

t.test('a returned book has a receipt, and its damage is told with one touch', needs, async (t) => {
  const { page, show, intents, errors } = await open(t, 'landscape');
  show(returned(null), { receiptOf: () => 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S' });
  const code = await page.locator('.receipt svg').boundingBox();
  t.ok(code && code.width >= 300, 'large enough for any telephone');
  await page.getByText('还书凭条，可拍照留存').waitFor();
  await page.getByRole('button', { name: '破损' }).click();
  await until(() => intents.length === 1);
  t.same(intents, [{ kind: 'report-damage', damage: 'torn' }]);
  show(returned('torn'));
  await page.getByRole('button', { name: '破损' }).waitFor({ state: 'hidden' });
  show(quietState());
  await page.locator('.receipt').waitFor({ state: 'hidden' });
  t.equal(await page.locator('.receipt svg').count(), 0);
  t.same(errors, []);
});

t.test('with her own book in hand there are two large buttons', needs, async (t) => {
  const { page, show, intents } = await open(t);
  show(asking);
  for (const name of ['还书', '续借']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox();
    t.ok(box && box.height >= 112 && box.width >= 300, name);
    await page.getByRole('button', { name, exact: true }).click();
  }
  await until(() => intents.length === 2);
  t.same(intents, [{ kind: 'choose-return' }, { kind: 'choose-renewal', item: bianCheng }]);
});

t.test('staff touch a locker and then what to do with it', needs, async (t) => {
  const { page, show, intents, errors } = await open(t, 'landscape');
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const sheet = page.getByRole('dialog');
  show(working());
  await page.locator('.cell').first().click();
  await sheet.getByText('边城').waitFor();
  await sheet.getByRole('button', { name: '停用' }).click();
  await sheet.waitFor({ state: 'hidden' });
  await button(/^要取出的书/).click();
  await button('取出').click();
  await button('清点').click();
  await button('全部打开…').click();
  await button('退出').click();
  await until(() => intents.length === 5);
  t.same(intents, [
    { kind: 'staff', act: { do: 'withhold', locker: 1 } },
    { kind: 'staff', act: { do: 'withdraw', locker: 2 } },
    { kind: 'staff', act: { do: 'count' } },
    { kind: 'staff', act: { do: 'open-all' } },
    { kind: 'cancel' },
  ]);
  t.same(errors, []);
});

t.test('two touches at one place do not open every door', needs, async (t) => {
  const { page, show, intents } = await open(t, 'landscape');
  show(working('asked'));
  const box = await page.getByRole('button', { name: '是的，全部打开' }).boundingBox();
  t.ok(box && box.height >= 160);
  const [x, y] = box ? [box.x + box.width / 2, box.y + box.height / 2] : [0, 0];
  await page.mouse.click(x, y);
  show(working('confirmed'));
  await page.getByRole('button', { name: '马上全部打开' }).waitFor();
  await page.mouse.click(x, y);
  await until(() => intents.length === 2);
  t.same(intents, [
    { kind: 'staff', act: { do: 'confirm' } },
    { kind: 'staff', act: { do: 'menu' } },
  ]);
});
