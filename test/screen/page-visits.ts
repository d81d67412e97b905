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
