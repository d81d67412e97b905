import t from 'tap';
import type { State } from '../../src/circulation/state.js';
import { elapsedMs } from '../../src/kernel/time.js';
import { until } from '../support/until.js';
import { holder, quietState } from './fixture.js';
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
