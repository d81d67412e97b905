import t from 'tap';
import type { State } from '../../src/circulation/state.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { elapsedMs } from '../../src/kernel/time.js';
import { viewOf } from '../../src/screen/view.js';
import { poorTargets, texts } from '../support/legible.js';
import { until } from '../support/until.js';
import { atDoor, bianCheng, contextAt, due, holder, quietState } from './fixture.js';
import './page-visits.js';
import { needs, open } from './page-rig.js';
import { asking, atPin, choosing, returned, working } from './visits.js';

const deadline = elapsedMs(20_000);
const choosingRefused = quietState({
  visit: { kind: 'choosing', holder, deadline },
  notice: { refusal: 'code-is-title', deadline },
});
const identifying = quietState({ visit: { kind: 'identifying', locker: lockerNo(1), deadline } });
const lent = quietState({
  visit: {
    kind: 'farewell',
    locker: lockerNo(1),
    deadline,
    holder: null,
    outcome: { kind: 'lent', item: bianCheng, visit: visitNo(1), dueAt: due, dueProvisional: false },
  },
});
const opening = atDoor('opening', 'checkout');
const third = withVisit(opening, { attempt: 3 });
const reminded = (reminders: number) => withVisit(atDoor('open', 'checkin'), { reminders });

function withVisit(state: State, change: object): State {
  return { ...state, visit: { ...state.visit, ...change } };
}
t.test('touching a book chooses its locker; touching “cancel” gives it up', needs, async (t) => {
  const { page, show, intents, errors } = await open(t);
  await page.getByRole('button', { name: '边城' }).click();
  await until(() => intents.length === 1);
  show(identifying);
  await page.getByRole('button', { name: '取消' }).click();
  await until(() => intents.length === 2);
  t.same(intents, [{ kind: 'choose-locker', locker: 1 }, { kind: 'cancel' }]);
  t.same(errors, []);
});

t.test('English is one touch away and is forgotten when the visit ends', needs, async (t) => {
  const { page, show } = await open(t);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Hello. Please choose a book' }).waitFor();
  show(identifying);
  await page.getByRole('heading', { name: 'Please show your pass' }).waitFor();
  t.equal(await page.locator('html').getAttribute('lang'), 'en');
  show(quietState());
  await page.getByRole('heading', { name: '您好，请选一本书' }).waitFor();
  t.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
});

t.test(
  'the headline of a visit is spoken, an idle kiosk is silent, and the voice can be switched off',
  async (t) => {
    const { page, show } = await open(t);
    const said = () => page.evaluate(() => Reflect.get(window, 'said') as string[]);
    t.same(await said(), []);
    show(opening);
    await page.getByRole('heading', { name: '请打开 1 号门' }).waitFor();
    t.same(await said(), ['请打开\u00a01\u00a0号门']);
    await page.getByRole('button', { name: '朗读：开' }).click();
    show(lent);
    await page.getByRole('heading', { name: '借好了' }).waitFor();
    t.equal((await said()).length, 1);
    show(quietState());
    await page.getByRole('button', { name: '朗读：开' }).waitFor();
  },
);

t.test('a refusal is said before what to do now; a door that stands open hushes nothing', async (t) => {
  const { page, show } = await open(t);
  const said = () => page.evaluate(() => Reflect.get(window, 'said') as string[]);
  const told = async (count: number) => {
    await page.waitForFunction((n) => (Reflect.get(window, 'said') as string[]).length === n, count);
    return (await said()).at(-1)?.replaceAll(/[\u00a0\u200b]/g, ' ');
  };
  const doors = new Map(quietState().doors).set(lockerNo(5), 'open' as const);
  show(quietState({ doors }));
  t.equal(await told(1), '5 号门还开着，请帮忙关上，谢谢。');
  show({ ...opening, doors });
  t.equal(await told(2), '请打开 1 号门');
  show({ ...opening, doors, notice: { refusal: 'locker-stuck', deadline } });
  t.match(await told(3), /^刚才那扇门打不开.*另一扇门。$/);
  show({ ...third, notice: { refusal: 'busy', deadline } });
  t.match(await told(4), /^请先做完这一次.* 请先推一推，再拉开 1 号门$/);
});

t.test('a reminder is said again and again', needs, async (t) => {
  const { page, show } = await open(t);
  for (const reminders of [1, 2, 3]) {
    show(reminded(reminders));
    await page.waitForFunction((n) => (Reflect.get(window, 'said') as string[]).length === n, reminders);
  }
  const said = await page.evaluate(() => Reflect.get(window, 'said') as string[]);
  t.same(new Set(said), new Set(['请把\u00a03\u00a0号门关好']));
});

t.test('“it does not open” is one large button while a door is unlocked, and only then', needs, async (t) => {
  const { page, show, intents } = await open(t);
  const button = page.getByRole('button', { name: '门打不开' });
  t.equal(await button.count(), 0);
  show(opening);
  await button.click();
  await until(() => intents.length === 1);
  t.same(intents, [{ kind: 'door-stuck' }]);
  show(atDoor('open', 'checkout'));
  await button.waitFor({ state: 'hidden' });
});

t.test('a lost controller is told in large words, and the page comes back by itself', needs, async (t) => {
  const { page, screen, again } = await open(t);
  await screen.close();
  const words = page.getByRole('heading', { name: '暂时无法使用' });
  await words.waitFor();
  const box = await words.locator('..').boundingBox();
  t.match(box, { x: 0, y: 0, width: 1080, height: 1920 });
  const next = again();
  t.teardown(() => next.close());
  await next.start();
  next.show(viewOf(identifying, contextAt()));
  await page.getByRole('heading', { name: '请出示' }).waitFor();
  await words.waitFor({ state: 'hidden' });
});

const watched =
  'h1, .detail, .notice, .cancel, .countdown, .tool, .house, .place, .foot strong, .foot span, ' +
  '.key, .dots, .tab, .title, .when, .act, .question, .choice, figcaption, .cell span, .sheet .number, .tag, ' +
  '.plate, .niche:not([data-state="unavailable"]) :is(.slip, .author, .hollow), .date *, .stamp, .figure';

/** Every page, and what to touch to see it whole. */
const pages: readonly (readonly [State, string?])[] = [
  [quietState()],
  [choosingRefused],
  [choosing(), '.tab[aria-pressed="false"]'],
  [identifying],
  [atPin(), '.key'],
  [asking],
  [opening],
  [third],
  [reminded(1)],
  [lent],
  [returned(null)],
  [working(), '.cell'],
  [working('asked')],
  [working(), '.tab[aria-pressed="false"]'],
  [working('confirmed')],
];

for (const size of ['portrait', 'landscape', 'phone'] as const) {
  t.test(`on a ${size} screen all can be read and touched`, needs, async (t) => {
    const { page, show } = await open(t, size);
    for (const [state, touch] of pages) {
      show(state, { receiptOf: () => 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S' });
      const { phase, headline } = viewOf(state, contextAt());
      await page.waitForFunction((words) => document.querySelector('h1')?.textContent === words, headline.zh);
      if (touch !== undefined) await page.locator(touch).locator('visible=true').first().click();
      for (const { text, ratio } of await texts(page, watched))
        t.ok(ratio >= 7, `${phase}: ${text}: ${ratio.toFixed(1)}`);
      const heading = await page
        .locator('h1')
        .evaluate((h1) => Number.parseFloat(getComputedStyle(h1).fontSize));
      t.ok(heading >= 48, `${phase}: headline ${heading} px`);
      t.same(await poorTargets(page, 'button'), [], `${phase}: large targets`);
      t.notOk(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), 'fits the width');
      const whole = await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight);
      t.ok(whole || size === 'phone', `${phase}: fits the height`);
    }
  });
}

t.test('who asks for less motion gets none', needs, async (t) => {
  const { page, show } = await open(t);
  show(opening);
  await page.locator('body[data-phase="opening"]').waitFor();
  t.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
