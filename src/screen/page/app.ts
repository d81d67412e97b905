import type { Sentence } from '../../display/phrases.js';
import type { ScreenView } from '../view.js';
import { createChoices } from './choices.js';
import { createKeypad } from './keypad.js';
import { countdown, type Language, labels } from './labels.js';
import { createLoans } from './loans.js';
import { byId } from './make.js';
import { createReceipt } from './receipt.js';
import { coverOf, createShelves } from './shelves.js';
import { createStaff } from './staff.js';
import { browserVoice } from './voice.js';
import { follow, post } from './wire.js';

/** Untouched this long between visits, the page is Chinese and speaking again for whoever comes next. */
const forgetMs = 60_000;
/** The countdown is shown only near its end; a clock that always runs makes people hurry. */
const countdownFromSeconds = 30;

const page = {
  headline: byId('headline'),
  detail: byId('detail'),
  notice: byId('notice'),
  stage: byId('stage'),
  stageNumber: byId('stage-number'),
  stageBook: byId('stage-book'),
  stamp: byId('stamp'),
  dueLabel: byId('due-label'),
  due: byId('due'),
  kioskName: byId('kiosk-name'),
  offline: byId('offline'),
  countdown: byId('countdown'),
  cancel: byId('cancel'),
  stuck: byId('stuck'),
  language: byId('language'),
  sound: byId('sound'),
  shelves: byId('shelves'),
  code: byId('code'),
  wechat: byId('wechat'),
  wechatWhy: byId('wechat-why'),
  lost: byId('lost'),
  lostHeadline: byId('lost-headline'),
  lostDetail: byId('lost-detail'),
};

/** What the voice has said of the view. */
const unsaid = { notice: '', headline: '', reminders: 0 };

const stamps = { lent: labels.lentStamp, returned: labels.returnedStamp, renewed: labels.renewedStamp };

let view: ScreenView | null = null;
let language: Language = 'zh';
let sound = true;
let endsAt = 0;
let said = unsaid;
let forgetting = 0;

const shelves = createShelves(page.shelves, (locker) => post({ kind: 'choose-locker', locker }));
const loans = createLoans(byId('loans'), byId('tabs'), () => {
  render();
  speak();
});
const choices = createChoices(byId('choices'));
const receipt = createReceipt(byId('receipt'));
const staff = createStaff(byId('staff'));
const keypad = createKeypad(byId('pad'), (pin) => post({ kind: 'enter-pin', pin }));
const voice = browserVoice(render);

page.cancel.addEventListener('click', () => post({ kind: 'cancel' }));
page.stuck.addEventListener('click', () => post({ kind: 'door-stuck' }));
page.language.addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  render();
  speak();
});
page.sound.addEventListener('click', () => {
  sound = !sound;
  if (!sound) voice.hush();
  said = unsaid;
  render();
  speak();
});
document.addEventListener('pointerdown', forgetLater);
setInterval(renderCountdown, 250);
follow({ onView, onLost });

function onView(next: ScreenView): void {
  const visitEnded = view !== null && view.phase !== 'idle' && next.phase === 'idle';
  view = next;
  endsAt = performance.now() + (next.secondsLeft ?? 0) * 1_000;
  if (visitEnded) forget();
  render();
  speak();
}

function onLost(lost: boolean): void {
  document.body.dataset.lost = String(lost);
  page.lost.hidden = !lost;
  if (lost) voice.hush();
}

/** The next resident may read another language and want to hear. */
function forget(): void {
  language = 'zh';
  sound = true;
  render();
}

function forgetLater(): void {
  clearTimeout(forgetting);
  forgetting = window.setTimeout(() => view?.phase === 'idle' && forget(), forgetMs);
}

function render(): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  renderLabels();
  if (!view) return;
  const { body } = document;
  body.dataset.phase = view.phase;
  body.dataset.mood = view.mood;
  loans.update(view, language);
  body.dataset.panel = loans.isShown ? 'loans' : 'books';
  put(page.headline, headlineOf(view));
  put(page.detail, loans.isShown ? labels.loansWhy : view.detail);
  put(page.kioskName, view.kiosk.name);
  page.offline.hidden = view.online;
  page.notice.hidden = view.notice === null;
  put(page.notice, view.notice);
  page.cancel.hidden = !view.mayCancel;
  page.stuck.hidden = !view.mayReportStuck;
  put(page.cancel, cancelLabel(view.phase));
  shelves.update(view.shelves, language);
  keypad.update(view.pad, language);
  choices.update(view.choices, language);
  staff.update(view, language);
  body.dataset.emergency = view.staff?.emergency ?? 'no';
  receipt.update(view.receipt, language);
  renderCode(view);
  renderStage(view);
  renderCountdown();
}

function cancelLabel(phase: ScreenView['phase']): Sentence {
  if (phase === 'working') return labels.signOut;
  return phase === 'farewell' ? labels.done : labels.cancel;
}

function headlineOf({ headline }: ScreenView): Sentence {
  return loans.isShown ? labels.yourLoans : headline;
}

function renderLabels(): void {
  put(page.language, labels.otherLanguage);
  page.language.lang = language === 'zh' ? 'en' : 'zh-CN';
  put(page.sound, sound ? labels.soundOn : labels.soundOff);
  page.sound.setAttribute('aria-pressed', String(sound));
  page.sound.hidden = !voice.speaks(language);
  put(page.offline, labels.offline);
  put(page.wechat, labels.wechat);
  put(page.wechatWhy, labels.wechatWhy);
  put(page.dueLabel, labels.dueBy);
  put(page.stuck, labels.stuck);
  put(page.lostHeadline, labels.lost);
  put(page.lostDetail, labels.lostWhy);
  page.shelves.setAttribute('aria-label', labels.shelves[language]);
}

/** The code is fetched again when it leads elsewhere. */
function renderCode({ invitation }: ScreenView): void {
  const source = `/wechat.svg?${encodeURIComponent(invitation)}`;
  if (page.code.getAttribute('src') !== source) page.code.setAttribute('src', source);
}

/** The door in large, or the book with its stamp and date. */
function renderStage({ phase, mood, locker, book, due, stamp }: ScreenView): void {
  const atDoor = phase === 'opening' || phase === 'open';
  page.stage.hidden = !atDoor && phase !== 'asking' && !(phase === 'farewell' && mood === 'glad');
  page.stageNumber.textContent = atDoor && locker !== null ? String(locker) : '';
  page.stageBook.replaceChildren(...(book ? [coverOf(book.name, book.author, language)] : []));
  page.stamp.hidden = stamp === null;
  put(page.stamp, stamp && stamps[stamp]);
  page.dueLabel.hidden = due === null;
  page.due.hidden = due === null;
  put(page.due, due);
}

function renderCountdown(): void {
  const waiting = view !== null && view.secondsLeft !== null && view.phase !== 'farewell';
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1_000));
  page.countdown.hidden = !waiting || seconds > countdownFromSeconds;
  put(page.countdown, countdown(seconds));
}

/** Says what changed: a refusal, then what to do now, which is nothing on an empty pavement. */
function speak(): void {
  if (!view) return;
  const now = {
    notice: view.notice?.[language] ?? '',
    headline: view.phase === 'idle' ? '' : headlineOf(view)[language],
    reminders: view.reminders,
  };
  const isAgain = now.headline === said.headline && now.reminders === said.reminders;
  const news = [now.notice === said.notice ? '' : now.notice, isAgain ? '' : now.headline];
  const text = news.filter((words) => words !== '').join(' ');
  said = now;
  if (text !== '' && sound) voice.say(text, language);
}

function put(element: HTMLElement, sentence: Sentence | null): void {
  const text = sentence?.[language] ?? '';
  if (element.textContent !== text) element.textContent = text;
}
