import t from 'tap';
import type { WithheldReason } from '../../src/circulation/event.js';
import type { Refusal } from '../../src/circulation/refusal.js';
import type { Outcome } from '../../src/circulation/state.js';
import { dayWords, type Saying, type Sentence } from '../../src/display/phrases.js';
import { refusalWords } from '../../src/display/refusal-words.js';
import { lockerNo, visitNo } from '../../src/kernel/ids.js';
import { epochMs } from '../../src/kernel/time.js';
import { outcomeWords } from '../../src/screen/outcome-words.js';
import { labels } from '../../src/screen/page/labels.js';
import {
  damageWords,
  type StaffDoor,
  signs,
  staffDoorWords,
  withheldWords,
} from '../../src/screen/staff-words.js';
import { openDoorWords, type Scene, sceneWords } from '../../src/screen/words.js';
import { bianCheng, due } from './fixture.js';

const book = { name: '边城', author: '沈从文' };
const locker = lockerNo(7);
const visit = visitNo(1);
const purposes = ['checkout', 'checkin', 'access'] as const;

const near = { zh: '愚园路书亭', en: 'the Yuyuan Road kiosk' };
const far = { zh: '长寿公园书亭', en: 'the Changshou Park kiosk' };
const farther = { zh: '武宁路书亭', en: 'the Wuning Road kiosk' };
const towns = [[], [near], [near, far, farther]];

/** One entry for every kind, checked by the compiler: a new kind without words does not compile. */
const scenes: Record<Scene['kind'], readonly Scene[]> = {
  idle: [0, 3].flatMap((booksHere) =>
    [false, true].flatMap((isFull) =>
      towns.map((neighbours) => ({ kind: 'idle', booksHere, isFull, neighbours })),
    ),
  ),
  'out-of-service': towns.map((neighbours) => ({ kind: 'out-of-service', neighbours })),
  'looked-for': [{ kind: 'looked-for' }],
  choosing: [{ kind: 'choosing' }],
  pin: [false, true].map((isChecking) => ({ kind: 'pin', isChecking })),
  asking: [book, null].map((book) => ({ kind: 'asking', book })),
  working: (['restock', 'count', 'open-all', null] as const).flatMap((task) =>
    (['no', 'asked', 'confirmed'] as const).map((emergency) => ({ kind: 'working', task, emergency })),
  ),
  identifying: [book, null].map((book) => ({ kind: 'identifying', locker, book })),
  opening: doors().flatMap((door) => [1, 2, 3].map((attempt) => ({ kind: 'opening', attempt, ...door }))),
  open: doors().flatMap((door) =>
    [false, true].flatMap((reminded) =>
      [false, true].map((isDamaged) => ({ kind: 'open', reminded, isDamaged, ...door })),
    ),
  ),
};

function doors() {
  return (['checkout', 'checkin'] as const).flatMap((purpose) =>
    [book, null].map((book) => ({ purpose, locker, book })),
  );
}

const outcomes: Record<Outcome['kind'], readonly Outcome[]> = {
  lent: [true, false].map((dueProvisional) => ({
    kind: 'lent',
    item: bianCheng,
    visit,
    dueAt: due,
    dueProvisional,
  })),
  returned: [null, 'wet' as const].map((damage) => ({
    kind: 'returned',
    item: bianCheng,
    visit,
    at: due,
    trust: 'trusted',
    damage,
  })),
  undone: [{ kind: 'undone', item: bianCheng }],
  renewed: [true, false].map((dueProvisional) => ({
    kind: 'renewed',
    item: bianCheng,
    dueAt: due,
    dueProvisional,
  })),
  'renewal-asked': [{ kind: 'renewal-asked', item: bianCheng }],
  worked: [{ kind: 'worked' }],
  'never-opened': purposes.map((purpose) => ({ kind: 'never-opened', purpose })),
  'lock-refused': purposes.map((purpose) => ({ kind: 'lock-refused', purpose })),
  'outcome-unknown': purposes.map((purpose) => ({ kind: 'outcome-unknown', purpose })),
  'timed-out': [{ kind: 'timed-out' }],
};

const refusals: Record<Refusal, true> = {
  'pass-forged': true,
  'pass-expired': true,
  'pass-not-yet-valid': true,
  'pass-unreadable': true,
  'pass-elsewhere': true,
  'pass-revoked': true,
  'pass-used': true,
  'patron-blocked': true,
  'card-unknown': true,
  'pin-wrong': true,
  'pin-wait': true,
  'code-foreign': true,
  'code-is-title': true,
  'code-is-payment': true,
  'code-is-link': true,
  'code-is-receipt': true,
  'locker-empty': true,
  'locker-unavailable': true,
  'locker-stuck': true,
  'loan-limit': true,
  'loan-limit-offline': true,
  'item-on-hold': true,
  'item-for-adults': true,
  'item-damaged': true,
  'item-unknown': true,
  'item-not-here': true,
  'item-taken': true,
  'item-already-here': true,
  'not-your-loan': true,
  'renewal-early': true,
  'renewal-limit': true,
  'renewal-wanted': true,
  'cabinet-full': true,
  busy: true,
  'too-late': true,
  'choose-task': true,
  'staff-only': true,
  'out-of-service': true,
};

const staffTasks = ['restock', 'withdraw', 'count', 'open', 'open-all'] as const;
const staffDoors: StaffDoor[] = staffTasks.flatMap((task) =>
  [true, false].flatMap((isOpen) =>
    [undefined, 'nothing' as const, { book }, { book: null }].flatMap((found) =>
      [book, null].flatMap((book) => ({ locker, isOpen, task, book, hasBook: true, found })),
    ),
  ),
);
const withheldReasons: Record<WithheldReason, true> = {
  'did-not-open': true,
  'door-silent': true,
  'door-forced': true,
  'outcome-unknown': true,
  'not-taken': true,
  misplaced: true,
  withdrawal: true,
  emergency: true,
  'out-of-service': true,
};
const shortWords: Sentence[] = [
  ...(Object.keys(withheldReasons) as WithheldReason[]).map(withheldWords),
  ...(['wet', 'torn', 'missing-pages'] as const).map(damageWords),
  ...Object.values(signs),
];

const allScenes = Object.values(scenes).flat();
const allOutcomes = Object.values(outcomes).flat();
const sayings: Saying[] = [
  ...allScenes.map(sceneWords),
  ...staffDoors.map(staffDoorWords),
  staffDoorWords({ locker, isOpen: true, task: 'count', book: null, hasBook: false, found: undefined }),
  ...allOutcomes.flatMap((outcome) => [outcomeWords(outcome, book), outcomeWords(outcome, null)]),
];
const everything: Sentence[] = [
  ...sayings.flatMap(({ headline, detail }) => [headline, detail]),
  ...towns.flatMap((neighbours) =>
    (Object.keys(refusals) as Refusal[]).map((refusal) => refusalWords(refusal, neighbours)),
  ),
  ...Object.values(labels),
  ...shortWords,
];

t.test('every situation, outcome and refusal has words in both languages', async (t) => {
  for (const { zh, en } of everything) {
    t.match(zh, /\p{Script=Han}|English/u, `Chinese: ${zh}`);
    t.match(en, /^[\p{Script=Latin}\p{P}\d\s]+$|中文|边城/u, `English: ${en}`);
  }
});

t.test('no sentence shows a hole or a word of ours', async (t) => {
  for (const { zh, en } of everything) {
    t.notMatch(`${zh} ${en}`, /undefined|null|NaN|\bitem\b|checkout|checkin|locker\b|\[object/);
  }
});

t.test('headlines are short enough to be read from two steps away', async (t) => {
  for (const { headline } of sayings) {
    t.ok(headline.zh.length <= 16, headline.zh);
    t.ok(headline.en.length <= 46, headline.en);
  }
});

t.test('Chinese can break every fourteen characters or sooner, so no large line runs over', async (t) => {
  for (const { zh } of sayings.flatMap(({ headline, detail }) => [headline, detail])) {
    for (const piece of zh.split(/[，。、；：\u200b]/u)) t.ok([...piece].length <= 14, piece);
  }
});

t.test('at a door both languages say its number', async (t) => {
  for (const scene of [...scenes.opening, ...scenes.open]) {
    const { headline } = sceneWords(scene);
    t.match(headline.zh, /7\u00a0号门/);
    t.match(headline.en, /door 7/);
  }
});

t.test('on a checkin one is told which door opened, to put the book in, and to close it', async (t) => {
  const { headline, detail } = sceneWords({ kind: 'opening', attempt: 1, purpose: 'checkin', locker, book });
  const zh = (headline.zh + detail.zh).replaceAll('\u00a0', ' ');
  t.match(zh, /打开 7 号门.*《边城》放进去.*关好/);
  t.match(headline.en + detail.en, /open door 7.*put “边城” inside.*close/s);
});

t.test('days are those of Shanghai, whatever the zone of the machine', async (t) => {
  t.same(dayWords(due), { zh: '8月14日星期五', en: 'Friday 14 August' });
  t.same(dayWords(epochMs(due + 1_000)), { zh: '8月15日星期六', en: 'Saturday 15 August' });
  t.same(dayWords(epochMs(Date.UTC(2026, 11, 31, 16))), { zh: '1月1日星期五', en: 'Friday 1 January' });
});

t.test('a provisional due date is said to be one', async (t) => {
  const [provisional, firm] = outcomes.lent.map((outcome) => outcomeWords(outcome, book).detail);
  t.match(provisional?.zh, /8月14日星期五.*更正/);
  t.match(provisional?.en, /Friday 14 August.*corrected/);
  t.notMatch(firm?.zh, /更正/);
  t.notMatch(firm?.en, /corrected/);
});

t.test('doors left open are named; with all shut nothing is said', async (t) => {
  t.equal(openDoorWords([]), null);
  t.match(openDoorWords([lockerNo(3), lockerNo(12)]), { zh: /^3、12 号门/, en: /^Door 3, 12 / });
});

t.test(
  'who cannot be served here is told where to go, the nearest first, and no more than two',
  async (t) => {
    for (const refusal of ['cabinet-full', 'out-of-service'] as const) {
      const { zh, en } = refusalWords(refusal, [near, far, farther]);
      t.match(zh, /愚园路书亭\u200b或长寿公园书亭/);
      t.match(en, /the Yuyuan Road kiosk or the Changshou Park kiosk/);
      t.notMatch(zh, /武宁路/);
      t.match(refusalWords(refusal).zh, /附近的书亭/);
    }
    const neighbours = [near];
    t.match(sceneWords({ kind: 'out-of-service', neighbours }).detail, { zh: /或到愚园路书亭/ });
    const full = sceneWords({ kind: 'idle', booksHere: 3, isFull: true, neighbours }).detail;
    t.match(full, { zh: /点一下.*放满了.*愚园路书亭/, en: /^Tap .*full.*Yuyuan Road/ });
  },
);

t.test('signs on a locker are short', async (t) => {
  for (const { zh } of shortWords) t.ok([...zh].length <= 6, zh);
});
