import { h, render } from '/preact.js';
import type { ScreenView } from '../view.js';
import { headlineOf, type PageState, ScreenPage } from './page.js';
import { browserVoice } from './voice.js';
import { follow } from './wire.js';

/** Untouched this long between visits, the page resets language and voice for the next resident. */
const resetMs = 60_000;
const defaults = { language: 'zh', isVoiceOn: true } as const;
const nothingSpoken = { notice: '', headline: '', reminders: 0 };

let state: PageState = { ...defaults, view: null, endsAtMs: 0, areLoansShown: false, isLost: false };
let spoken = nothingSpoken;
let resetTimer = 0;

const voice = browserVoice(draw);
document.addEventListener('pointerdown', () => {
  clearTimeout(resetTimer);
  resetTimer = window.setTimeout(() => state.view?.phase === 'idle' && update(defaults), resetMs);
});
draw();
follow({ onView, onLost });

function onView(view: ScreenView): void {
  const hasVisitEnded = state.view !== null && state.view.phase !== 'idle' && view.phase === 'idle';
  update({
    ...(hasVisitEnded ? defaults : {}),
    view,
    endsAtMs: performance.now() + (view.secondsLeft ?? 0) * 1_000,
    areLoansShown: showsLoans(state, view),
  });
  speak();
}

/** Her loans are shown when they are all she can look at, and until she turns back to the books or the choice ends. */
function showsLoans({ view: previous, areLoansShown }: PageState, view: ScreenView): boolean {
  const isChoosing = view.phase === 'choosing';
  const isUnchanged = isChoosing === (previous?.phase === 'choosing');
  return view.loans.length > 0 && (isUnchanged ? areLoansShown : isChoosing && view.loansFirst);
}

function onLost(isLost: boolean): void {
  if (isLost) voice.stop();
  if (isLost !== state.isLost) update({ isLost });
}

function update(change: Partial<PageState>): void {
  state = { ...state, ...change };
  draw();
}

/** The styles depend on what is set on `body`; everything in it is drawn by the library. */
function draw(): void {
  const { view, language, areLoansShown, isLost } = state;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  const { dataset } = document.body;
  dataset.lost = String(isLost);
  if (view) {
    dataset.phase = view.phase;
    dataset.mood = view.mood;
    dataset.panel = areLoansShown ? 'loans' : 'books';
    dataset.emergency = view.staff?.emergency ?? 'no';
  }
  const page = (
    <ScreenPage
      state={state}
      hasVoice={voice.hasVoiceFor(language)}
      onLanguage={() => {
        update({ language: language === 'zh' ? 'en' : 'zh' });
        speak();
      }}
      onVoice={() => {
        update({ isVoiceOn: !state.isVoiceOn });
        if (!state.isVoiceOn) voice.stop();
        spoken = nothingSpoken;
        speak();
      }}
      onLoans={(shown) => {
        update({ areLoansShown: shown });
        speak();
      }}
    />
  );
  render(page, document.body);
}

/** Speaks what changed: the notice, then the headline; while nobody is there, no headline. */
function speak(): void {
  const { view, language, isVoiceOn, areLoansShown } = state;
  if (!view) return;
  const now = {
    notice: view.notice?.[language] ?? '',
    headline: view.phase === 'idle' ? '' : headlineOf(view, areLoansShown)[language],
    reminders: view.reminders,
  };
  const isHeadlineSpoken = now.headline === spoken.headline && now.reminders === spoken.reminders;
  const text = [now.notice === spoken.notice ? '' : now.notice, isHeadlineSpoken ? '' : now.headline]
    .filter((sentence) => sentence !== '')
    .join(' ');
  spoken = now;
  if (text !== '' && isVoiceOn) voice.speak(text, language);
}
