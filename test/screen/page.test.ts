import t from 'tap';
import type { State } from '../../src/circulation/state.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { viewOf } from '../../src/screen/view.js';
import { legibilityFaults } from '../support/legible.js';
import { atDoor, bianCheng, contextAt, due, holder, quietState } from './fixture.js';
import { openPage, screenSizes } from './page-harness.js';
import './page-visit-tests.js';
import { asking, atPin, choosing, deadline, returned, working } from './visits.js';

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
t.test('touching a book chooses its locker; touching “cancel” gives it up', async (t) => {
  const { show, button, posts } = await openPage();
  t.same(await posts(() => button(/边城/).click()), { kind: 'choose-locker', locker: 1 });
  show(identifying);
  t.same(await posts(() => button('取消').click()), { kind: 'cancel' });
});

t.test('English is one touch away and is forgotten when the visit ends', async (t) => {
  const { page, show, button } = await openPage();
  await button('English').click();
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
    const { page, show, button, spoken } = await openPage();
    t.same(await spoken(), []);
    show(opening);
    await page.getByRole('heading', { name: '请打开 1 号门' }).waitFor();
    t.same(await spoken(), ['请打开\u00a01\u00a0号门']);
    await button('朗读：开').click();
    show(lent);
    await page.getByRole('heading', { name: '借好了' }).waitFor();
    t.equal((await spoken()).length, 1);
    show(quietState());
    await button('朗读：开').waitFor();
  },
);

t.test('a refusal is spoken before what to do now; an open door silences nothing', async (t) => {
  const { page, show, spoken } = await openPage();
  const sentence = async (count: number) => {
    await page.waitForFunction((n) => (Reflect.get(window, 'spoken') as string[]).length === n, count);
    return (await spoken()).at(-1)?.replaceAll(/[\u00a0\u200b]/g, ' ');
  };
  const doors = new Map(quietState().doors).set(lockerNo(5), 'open' as const);
  show(quietState({ doors }));
  t.equal(await sentence(1), '5 号门还开着，请帮忙关上，谢谢。');
  show({ ...opening, doors });
  t.equal(await sentence(2), '请打开 1 号门');
  show({ ...opening, doors, notice: { refusal: 'locker-stuck', deadline } });
  t.match(await sentence(3), /^刚才那扇门打不开.*另一扇门。$/);
  show({ ...third, notice: { refusal: 'busy', deadline } });
  t.match(await sentence(4), /^请先做完这一次.* 请先推一推，再拉开 1 号门$/);
});

t.test('a reminder is spoken again and again', async (t) => {
  const { page, show, spoken } = await openPage();
  for (const reminders of [1, 2, 3]) {
    show(reminded(reminders));
    await page.waitForFunction((n) => (Reflect.get(window, 'spoken') as string[]).length === n, reminders);
  }
  t.same(new Set(await spoken()), new Set(['请把\u00a03\u00a0号门关好']));
});

t.test('“it does not open” is one large button while a door is unlocked, and only then', async (t) => {
  const { show, button, posts } = await openPage();
  const stuck = button('门打不开');
  t.equal(await stuck.count(), 0);
  show(opening);
  t.same(await posts(() => stuck.click()), { kind: 'door-stuck' });
  show(atDoor('open', 'checkout'));
  await stuck.waitFor({ state: 'hidden' });
});

const texts =
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

t.test(
  'on every screen all can be read and touched, and nothing moves where less motion is asked for',
  async (t) => {
    for (const size of ['portrait', 'landscape', 'phone'] as const) {
      const { page, show } = await openPage(size);
      for (const [state, touch] of pages) {
        show(state, { receiptOf: () => 'LNR1:NCFOXN%TSMAHN-HC5QXJ.S' });
        const { phase, headline } = viewOf(state, contextAt());
        await page.waitForFunction(
          (words) => document.querySelector('h1')?.textContent === words,
          headline.zh,
        );
        if (touch !== undefined) await page.locator(touch).locator('visible=true').first().click();
        const rules = { texts, minHeadingPx: 48, buttons: 'button', fitsHeight: size !== 'phone' };
        t.same(await legibilityFaults(page, rules), [], `${size}: ${phase}: ${headline.zh}`);
      }
      t.equal(await page.evaluate(() => document.getAnimations().length), 0);
    }
  },
);

t.test('a lost controller is shown in large words, and the page reconnects by itself', async (t) => {
  const { page, show, errors, stopServer, restartServer } = await openPage();
  t.same(errors, [], 'no test before made the page report an error');
  await stopServer();
  const words = page.getByRole('heading', { name: '暂时无法使用' });
  await words.waitFor();
  t.match(await words.locator('..').boundingBox(), { x: 0, y: 0, ...screenSizes.portrait });
  await restartServer();
  show(identifying);
  await page.getByRole('heading', { name: '请出示' }).waitFor();
  await words.waitFor({ state: 'hidden' });
});
