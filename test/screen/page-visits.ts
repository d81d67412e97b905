import t from 'tap';
import { emptyLedger } from '../../src/circulation/ledger.js';
import type { State } from '../../src/circulation/state.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs } from '../../src/kernel/time.js';
import { until } from '../support/until.js';
import { bianCheng, due, holder, quietState } from './fixture.js';
import { needs, open } from './page-rig.js';

/** Tests of what a resident does during one visit; they run in the browser of page.test.ts. */
const deadline = elapsedMs(20_000);

/** A library card was shown. */
const atPin = (change: Partial<State> = {}, isChecking = false): State => {
  const { patron, age } = holder;
  return quietState({
    visit: { kind: 'pin', patron, age, locker: null, isChecking, deadline },
    ...change,
  });
};

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
    const { patron } = holder;
    const loan = {
      visit: visitNo(1),
      patron,
      dueAt: due,
      dueProvisional: false,
      renewals: 0,
      renewalAsked: false,
    };
    const lent = { visit: visitNo(1), item: bianCheng, patron, until: deadline };
    const { lockers } = quietState().ledger;
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    show(
      quietState({
        visit: { kind: 'choosing', holder, deadline },
        ledger: { ...emptyLedger, lockers, loans: new Map([[bianCheng, loan]]) },
        justLent: new Map([[lockerNo(1), lent]]),
      }),
    );
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
  const outcome = {
    kind: 'returned',
    item: bianCheng,
    visit: visitNo(1),
    at: due,
    trust: 'trusted',
    damage: null,
  } as const;
  const visit = { kind: 'farewell', outcome, locker: lockerNo(3), holder: null, deadline } as const;
  show(quietState({ visit }), { receiptOf: () => 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S' });
  const code = await page.locator('.receipt svg').boundingBox();
  t.ok(code && code.width >= 300, 'large enough for any telephone');
  await page.getByText('还书凭条，可拍照留存').waitFor();
  await page.getByRole('button', { name: '破损' }).click();
  await until(() => intents.length === 1);
  t.same(intents, [{ kind: 'report-damage', damage: 'torn' }]);
  show(quietState({ visit: { ...visit, outcome: { ...outcome, damage: 'torn' } } }));
  await page.getByRole('button', { name: '破损' }).waitFor({ state: 'hidden' });
  show(quietState());
  await page.locator('.receipt').waitFor({ state: 'hidden' });
  t.equal(await page.locator('.receipt svg').count(), 0);
  t.same(errors, []);
});

t.test('with her own book in hand there are two large buttons', needs, async (t) => {
  const { page, show, intents } = await open(t);
  show(quietState({ visit: { kind: 'asking', holder, item: bianCheng, deadline } }));
  for (const name of ['还书', '续借']) {
    const box = await page.getByRole('button', { name, exact: true }).boundingBox();
    t.ok(box && box.height >= 112 && box.width >= 300, name);
    await page.getByRole('button', { name, exact: true }).click();
  }
  await until(() => intents.length === 2);
  t.same(intents, [{ kind: 'choose-return' }, { kind: 'choose-renewal', item: bianCheng }]);
});
