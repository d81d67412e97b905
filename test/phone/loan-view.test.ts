import t from 'tap';
import type { GrantStage, GrantStatus } from '../../src/catalogue/grants.js';
import { lockerNo } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { epochMs } from '../../src/kernel/time.js';
import { loanView } from '../../src/phone/loan-view.js';
import { reasonWords } from '../../src/phone/words.js';
import { givenGrant } from './stage.js';

const book = { name: '边城', author: '沈从文' };
const dueAt = epochMs(Date.UTC(2026, 7, 14, 15, 59, 59));
const view = (change: Partial<GrantStatus>, laterMs = 0) => {
  const status = givenGrant(change);
  return loanView(status, book, epochMs(status.at + laterMs));
};

t.test('a kiosk that does not answer is taken for offline, and the code is shown', async (t) => {
  t.match(view({}), { headline: { zh: '正在开门…' }, showsCode: false, isWaiting: true });
  t.match(view({}, limits.phoneAnswerMs), { headline: { en: /offline/ }, showsCode: true, isWaiting: true });
  t.match(view({ isSent: false }), { headline: { en: /^Hold this code/ }, showsCode: true });
  t.match(view({ isSent: false, item: null }), { detail: { zh: /屏幕上点一本书/ } });
});

t.test('each stage says what to do, and whether there is more to come', async (t) => {
  const door = lockerNo(7);
  const at = { locker: door, dueAt };
  t.match(view({ stage: 'accepted', item: null }), { headline: { en: /tap a book/ }, isWaiting: true });
  t.match(view({ stage: 'unlocked', ...at }), { headline: { zh: /拉开.7.号门/ }, door, isWaiting: true });
  t.match(view({ stage: 'lent', ...at }), { due: { zh: '8月14日星期五' }, mood: 'glad', isWaiting: true });
  t.match(view({ stage: 'closed', ...at }), { due: { en: 'Friday 14 August' }, actions: ['another'] });
  t.match(view({ stage: 'undone', ...at }), { headline: { zh: '好的，没有借' }, isWaiting: false });
  t.match(view({ stage: 'over' }), { actions: ['again', 'back'], isWaiting: false });
  for (const [reason, words] of [
    ['never-opened', /门没有打开/],
    ['lock-refused', /打不开/],
    ['interrupted', /没有回应/],
  ] as const) {
    t.match(view({ stage: 'cancelled', reason }), { headline: { zh: words }, mood: 'sorry' });
  }
});

t.test('every stage has its words in both languages, and blames nobody', async (t) => {
  const stages: Record<GrantStage, true> = {
    given: true,
    accepted: true,
    refused: true,
    unlocked: true,
    lent: true,
    closed: true,
    cancelled: true,
    undone: true,
    over: true,
  };
  for (const stage of Object.keys(stages) as GrantStage[]) {
    const { headline, detail } = view({ stage });
    for (const { zh, en } of [headline, detail]) {
      t.match(zh, /^[^a-zA-Z]+$/, stage);
      t.match(en.replace('“边城”', ''), /^[A-Z ][^\u4e00-\u9fff]+$/, stage);
    }
  }
});

t.test(
  'why the kiosk refused is told as the phone needs it, also for reasons of a later release',
  async (t) => {
    t.match(reasonWords('busy'), { zh: /等他用完/ });
    t.match(reasonWords('loan-limit'), { zh: /上限/ }, 'as on the screen');
    for (const reason of [null, 'what-is-this', 'constructor'])
      t.match(reasonWords(reason), { zh: /再试一次/ });
  },
);
