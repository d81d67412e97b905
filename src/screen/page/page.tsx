import { Component, Fragment, h } from '/preact.js';
import type { Sentence } from '../../display/phrases.js';
import type { Choice, ChoiceGroup } from '../choices.js';
import type { ScreenView } from '../view.js';
import { Keypad } from './keypad.js';
import { countdownWords, houseName, type Language, labels } from './labels.js';
import { Loans } from './loans.js';
import { Shelves } from './shelves.js';
import { Staff } from './staff.js';
import { Stage } from './stage.js';
import { post } from './wire.js';

/** Everything the page is drawn from. */
export interface PageState {
  /** Null until the controller has sent one. */
  readonly view: ScreenView | null;
  readonly language: Language;
  readonly isVoiceOn: boolean;
  /** When the visit ends, on the clock of `performance.now()`. */
  readonly endsAtMs: number;
  /** Whether her loans are shown in the place of the books. */
  readonly areLoansShown: boolean;
  /** Whether the controller is silent. */
  readonly isLost: boolean;
}

interface PageProps {
  readonly state: PageState;
  readonly hasVoice: boolean;
  readonly onLanguage: () => void;
  readonly onVoice: () => void;
  readonly onLoans: (shown: boolean) => void;
}

/** The whole page: heading, what to do now, the books or whatever else is worked with, the code for phones. */
export function ScreenPage(props: PageProps) {
  const { view, language, areLoansShown, isLost } = props.state;
  return (
    <>
      <Masthead {...props} />
      <main>
        <Guide {...props} />
        {view && <Stage view={view} language={language} />}
        {view && areLoansShown && <Loans loans={view.loans} language={language} />}
        {view?.pad && <Keypad isOpen={view.pad === 'open'} language={language} />}
        {view && <Staff view={view} language={language} />}
        {view && <Shelves shelves={view.shelves} language={language} />}
      </main>
      <footer class="foot">
        {view && (
          <img
            class="code"
            src={`/wechat.svg?${encodeURIComponent(view.invitation)}`}
            alt=""
            width="120"
            height="120"
          />
        )}
        <p>
          <strong>{labels.wechat[language]}</strong> <span>{labels.wechatWhy[language]}</span>
        </p>
      </footer>
      <div class="lost" role="alertdialog" aria-labelledby="lost-headline" hidden={!isLost}>
        <Seal />
        <h2 id="lost-headline">{labels.lost[language]}</h2>
        <p>{labels.lostWhy[language]}</p>
      </div>
    </>
  );
}

/** What to do now, in one line. */
export function headlineOf(view: ScreenView, areLoansShown: boolean): Sentence {
  return areLoansShown ? labels.yourLoans : view.headline;
}

function Masthead({ state, hasVoice, onLanguage, onVoice }: PageProps) {
  const { view, language, isVoiceOn } = state;
  return (
    <header class="masthead">
      <Seal />
      <p class="name">
        <span class="house">{houseName}</span>
        <span class="place">{view?.kiosk.name[language]}</span>
      </p>
      <p class="offline" role="status" hidden={view?.online ?? true}>
        {labels.offline[language]}
      </p>
      <div class="tools">
        <button type="button" class="tool" aria-pressed={isVoiceOn} hidden={!hasVoice} onClick={onVoice}>
          {labels[isVoiceOn ? 'voiceOn' : 'voiceOff'][language]}
        </button>
        <button type="button" class="tool" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={onLanguage}>
          {labels.otherLanguage[language]}
        </button>
      </div>
    </header>
  );
}

function Seal() {
  return (
    <span class="seal" aria-hidden="true">
      {[...houseName].map((character) => (
        <span>{character}</span>
      ))}
    </span>
  );
}

/** What to do now, and every button but those of books, loans, keypad and staff. */
function Guide({ state, onLoans }: PageProps) {
  const { view, language, areLoansShown, endsAtMs } = state;
  const waits = view !== null && view.secondsLeft !== null && view.phase !== 'farewell';
  return (
    <section class="say">
      <div aria-live="polite">
        <h1>{view ? headlineOf(view, areLoansShown)[language] : houseName}</h1>
        <p class="detail">{(areLoansShown ? labels.loansWhy : view?.detail)?.[language]}</p>
      </div>
      <p class="notice" role="alert" hidden={!view?.notice}>
        {view?.notice?.[language]}
      </p>
      {view?.phase === 'choosing' && view.loans.length > 0 && (
        <div class="tabs">
          <button type="button" class="tab" aria-pressed={!areLoansShown} onClick={() => onLoans(false)}>
            {labels.books[language]}
          </button>
          <button type="button" class="tab" aria-pressed={areLoansShown} onClick={() => onLoans(true)}>
            {labels.loans[language]} {view.loans.length}
          </button>
        </div>
      )}
      {view && <Choices groups={view.choices} language={language} />}
      <div class="actions">
        {view?.mayReportStuck && (
          <button type="button" class="cancel stuck" onClick={() => post({ kind: 'door-stuck' })}>
            {labels.stuck[language]}
          </button>
        )}
        {view?.mayCancel && (
          <button type="button" class="cancel" onClick={() => post({ kind: 'cancel' })}>
            {cancelLabel(view.phase)[language]}
          </button>
        )}
        {waits && <Countdown endsAtMs={endsAtMs} language={language} />}
      </div>
    </section>
  );
}

function cancelLabel(phase: ScreenView['phase']): Sentence {
  if (phase === 'working') return labels.signOut;
  return phase === 'farewell' ? labels.done : labels.cancel;
}

/** The buttons that a view offers, in groups. */
function Choices({ groups, language }: { groups: readonly ChoiceGroup[]; language: Language }) {
  if (groups.length === 0) return null;
  return (
    <div class="choices">
      {groups.map(({ question, choices }) => (
        <div class="group" role="group" aria-label={question?.[language]}>
          {question && <p class="question">{question[language]}</p>}
          {choices.map((choice) => (
            <ChoiceButton key={JSON.stringify(choice)} choice={choice} language={language} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** Its key is the whole choice, so that a touch that began on one button never ends as another choice. */
function ChoiceButton({ choice, language }: { choice: Choice; language: Language }) {
  return (
    <button type="button" class={`choice ${choice.look}`} onClick={() => post(choice.intent)}>
      {choice.words[language]}
    </button>
  );
}

/** The countdown is shown only near its end; a clock that always runs makes people hurry. */
const countdownFromSeconds = 30;
const countdownStepMs = 250;

class Countdown extends Component<{ readonly endsAtMs: number; readonly language: Language }> {
  #timer = 0;

  override componentDidMount(): void {
    this.#timer = window.setInterval(() => this.forceUpdate(), countdownStepMs);
  }

  override componentWillUnmount(): void {
    clearInterval(this.#timer);
  }

  override render() {
    const { endsAtMs, language } = this.props;
    const seconds = Math.max(0, Math.ceil((endsAtMs - performance.now()) / 1_000));
    return seconds > countdownFromSeconds ? null : (
      <p class="countdown">{countdownWords(seconds)[language]}</p>
    );
  }
}
