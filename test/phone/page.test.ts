import t, { type Test } from 'tap';
import { openBrowser } from '../../scripts/test/browser.js';
import type { GrantStatus } from '../../src/catalogue/grants.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { legibilityFaults } from '../support/legible.js';
import { bianCheng, goodCode, kiosk, openPhone } from './stage.js';

async function openBrowserPage(t: Test) {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const viewport = { width: 360, height: 640 };
  const context = await browser.newContext({ viewport, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return { page, errors };
}

const texts =
  'h1 span, .detail span, .why span, .place span, .who span, .door, .title, .author, .figure, .due span, :is(.first, .second) span';
const buttons = 'button, .books a, a.first, a.second';
const lent: Partial<GrantStatus> = {
  locker: lockerNo(4),
  found: bianCheng,
  dueAt: epochMs(1_800_000_000_000),
};

t.test(
  'on a small phone all can be read and touched, and what happens at the door comes by itself',
  async (t) => {
    const { url, say, pass, grants } = await openPhone(t);
    const { page, errors } = await openBrowserPage(t);
    const heading = async (words: string) => {
      await page.getByRole('heading', { name: words }).waitFor();
      t.strictSame(await legibilityFaults(page, { texts, minTextPx: 15, buttons }), [], words);
    };
    await page.goto(`${url}k/${kiosk}?c=${goodCode}`);
    await heading('您是哪一位');
    await page.getByRole('button', { name: '王阿姨' }).tap();
    await heading('点一本书');
    await page.getByRole('link', { name: '边城' }).tap();
    await heading('借《边城》');
    await page.getByRole('button', { name: '打开这扇门' }).tap();
    await heading('正在开门');
    t.equal(grants.size, 1);
    say({ stage: 'unlocked', ...lent });
    await heading('请拉开');
    say({ stage: 'lent' });
    await heading('请取书');
    say({ stage: 'closed' });
    await heading('借好了');
    await page.getByRole('link', { name: '再借一本' }).tap();
    await heading('点一本书');
    await page.getByRole('button', { name: '书柜屏幕上选' }).tap();
    await heading('正在告诉书柜');
    pass(limits.phoneAnswerMs);
    await heading('书柜没有网络');
    const code = await page.locator('.code').boundingBox();
    t.ok(
      code && code.width >= 300 && code.y + code.height <= 640,
      'the code is large, and seen without scrolling',
    );
    say({ stage: 'refused', reason: 'busy' });
    await heading('这次没有借成');
    t.strictSame(errors, []);
  },
);
