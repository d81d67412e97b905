import { Component, h } from '/preact.js';
import type { LockerNo } from '../../kernel/ids.js';
import type { Leaving, LockerAct, StaffCell, StaffView } from '../staff-view.js';
import type { ScreenView } from '../view.js';
import { type Language, labels } from './labels.js';
import { post } from './wire.js';

const actLabels = {
  open: labels.openDoor,
  withdraw: labels.withdraw,
  withhold: labels.withhold,
  restore: labels.restore,
} as const satisfies Readonly<Record<LockerAct, object>>;

interface StaffProps {
  readonly view: ScreenView;
  readonly language: Language;
}

/** Which list is shown, and which locker's sheet is open above it. */
interface Selection {
  readonly isLeavingShown: boolean;
  readonly opened: LockerNo | null;
}

/** The part for staff: all lockers, the books that should leave, and what may be done with the selected locker. */
export class Staff extends Component<StaffProps, Selection> {
  override state: Selection = { isLeavingShown: false, opened: null };

  /** Between two doors staff find the list as they left it; the end of their work resets it. */
  static override getDerivedStateFromProps(
    { view }: StaffProps,
    { isLeavingShown, opened }: Selection,
  ): Selection {
    const isAtWork = view.phase === 'working' || view.phase === 'opening' || view.phase === 'open';
    return { isLeavingShown: isAtWork && isLeavingShown, opened: isShown(view.staff) ? opened : null };
  }

  override render() {
    const { view, language } = this.props;
    const { isLeavingShown, opened } = this.state;
    const { staff } = view;
    if (!isShown(staff)) return null;
    const cell = staff.cells.find(({ locker }) => locker === opened);
    const tab = (shown: boolean, text: string) => (
      <button
        type="button"
        class="tab"
        aria-pressed={shown === isLeavingShown}
        onClick={() => this.setState({ opened: null, isLeavingShown: shown })}
      >
        {text}
      </button>
    );
    return (
      <section class="staff">
        <div class="tabs">
          {tab(false, labels.allDoors[language])}
          {tab(true, `${labels.leaving[language]} ${staff.leaving.length}`)}
        </div>
        {isLeavingShown ? this.#leavingBooks(staff.leaving) : this.#cells(staff.cells)}
        {cell && this.#sheet(cell)}
      </section>
    );
  }

  #cells(cells: readonly StaffCell[]) {
    const { language } = this.props;
    return (
      <ol class="cells">
        {cells.map(({ locker, item, name, look, signs }) => (
          <li key={locker}>
            <button
              type="button"
              class="cell"
              data-look={look}
              onClick={() => this.setState({ opened: locker })}
            >
              <span class="number">{locker}</span>
              <span class="book-name">{name ?? (item === null ? '' : labels.untitled[language])}</span>
              {signs.map((sign) => (
                <span class="sign">{sign[language]}</span>
              ))}
            </button>
          </li>
        ))}
      </ol>
    );
  }

  #leavingBooks(books: readonly Leaving[]) {
    const { language } = this.props;
    return (
      <ol class="leaving">
        {books.length === 0 && <li class="nothing">{labels.nothingLeaves[language]}</li>}
        {books.map(({ locker, name, why, mayTake }) => (
          <li key={locker} class="loan">
            <span class="number">{locker}</span>
            <div class="about">
              <strong class="title">{name ?? labels.untitled[language]}</strong>
              <span class="when">
                {why.map((each) => each[language]).join(language === 'zh' ? '，' : ', ')}
              </span>
            </div>
            {mayTake && this.#actButton('withdraw', locker)}
          </li>
        ))}
      </ol>
    );
  }

  /** What may be done with one locker. */
  #sheet({ locker, item, name, signs, acts }: StaffCell) {
    const { language } = this.props;
    return (
      <div key={locker} class="sheet" role="dialog" aria-label={`${locker} ${labels.door[language]}`}>
        <span class="number">{locker}</span>
        <div class="about">
          <strong class="title">
            {name ?? (item === null ? labels.noBook[language] : labels.untitled[language])}
          </strong>
          <span class="when">
            {[item, ...signs.map((sign) => sign[language])].filter(Boolean).join(' · ')}
          </span>
        </div>
        <div class="acts">
          {acts.map((act) => this.#actButton(act, locker))}
          <button type="button" class="act quiet" onClick={() => this.setState({ opened: null })}>
            {labels.close[language]}
          </button>
        </div>
      </div>
    );
  }

  #actButton(act: LockerAct, locker: LockerNo) {
    const touch = () => {
      post({ kind: 'staff', act: { do: act, locker } });
      this.setState({ opened: null });
    };
    return (
      <button key={act} type="button" class="act" onClick={touch}>
        {actLabels[act][this.props.language]}
      </button>
    );
  }
}

/** While all doors are to be opened in an emergency, there is nothing else to do. */
function isShown(staff: StaffView | null): staff is StaffView {
  return staff !== null && staff.emergency === 'no';
}
