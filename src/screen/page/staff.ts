import type { Sentence } from '../../display/phrases.js';
import type { Leaving, LockerAct, StaffCell, StaffView } from '../staff-view.js';
import type { ScreenView } from '../view.js';
import { type Language, labels } from './labels.js';
import { button, make } from './make.js';
import { post } from './wire.js';

const actLabels: Readonly<Record<LockerAct, Sentence>> = {
  open: labels.openDoor,
  withdraw: labels.withdraw,
  withhold: labels.withhold,
  restore: labels.restore,
};

/** What this page keeps of the work: which list is to be seen, and which locker was touched. */
interface Place {
  readonly language: Language;
  readonly touched: number | null;
  readonly isLeavingShown: boolean;
  /** Goes elsewhere. */
  go(place: { readonly touched: number | null; readonly isLeavingShown?: boolean }): void;
}

/** The page of staff: all lockers, what should leave, and what may be done with the locker that was touched. */
export function createStaff(section: HTMLElement) {
  let drawn = '';
  let view: StaffView | null = null;
  let place: Place = { language: 'zh', touched: null, isLeavingShown: false, go };

  function go(change: Partial<Place>): void {
    place = { ...place, ...change };
    const wanted = view ? JSON.stringify([view, place]) : '';
    if (wanted === drawn) return;
    drawn = wanted;
    section.replaceChildren(...(view ? partsOf(view, place) : []));
  }

  return {
    update({ phase, staff }: ScreenView, language: Language): void {
      view = staff;
      section.hidden = staff === null || staff.emergency !== 'no';
      // From one door to the next, staff find the list as they left it.
      const isAtWork = phase === 'working' || phase === 'opening' || phase === 'open';
      const isLeavingShown = isAtWork && place.isLeavingShown;
      go({ language, isLeavingShown, touched: section.hidden ? null : place.touched });
    },
  };
}

function partsOf(view: StaffView, place: Place): readonly HTMLElement[] {
  const cell = view.cells.find(({ locker }) => locker === place.touched);
  return [
    tabs(view, place),
    place.isLeavingShown ? leaving(view, place) : cells(view, place),
    ...(cell ? [sheet(cell, place)] : []),
  ];
}

function tabs({ leaving }: StaffView, { language, isLeavingShown, go }: Place): HTMLElement {
  const bar = make('div', 'tabs');
  for (const shown of [false, true]) {
    const text = shown ? `${labels.leaving[language]} ${leaving.length}` : labels.allDoors[language];
    const tab = button('tab', () => go({ touched: null, isLeavingShown: shown }), text);
    tab.setAttribute('aria-pressed', String(shown === isLeavingShown));
    bar.append(tab);
  }
  return bar;
}

function cells(view: StaffView, { language, go }: Place): HTMLElement {
  const grid = make('ol', 'cells');
  for (const { locker, item, name, look, signs } of view.cells) {
    const face = button('cell', () => go({ touched: locker }));
    face.dataset.look = look;
    face.append(
      make('span', 'number', String(locker)),
      make('span', 'book-name', name ?? (item === null ? '' : labels.untitled[language])),
      ...signs.map((sign) => make('span', 'sign', sign[language])),
    );
    const entry = make('li', '');
    entry.append(face);
    grid.append(entry);
  }
  return grid;
}

function leaving({ leaving }: StaffView, place: Place): HTMLElement {
  const list = make('ol', 'leaving');
  if (leaving.length === 0) list.append(make('li', 'nothing', labels.nothingLeaves[place.language]));
  list.append(...leaving.map((each) => leavingRow(each, place)));
  return list;
}

function leavingRow({ locker, name, why, mayTake }: Leaving, place: Place): HTMLElement {
  const { language } = place;
  const row = make('li', 'loan');
  const about = make('div', 'about');
  about.append(
    make('strong', 'title', name ?? labels.untitled[language]),
    make('span', 'when', why.map((each) => each[language]).join(language === 'zh' ? '，' : ', ')),
  );
  row.append(make('span', 'number', String(locker)), about);
  if (mayTake) row.append(actButton('withdraw', locker, place));
  return row;
}

/** What may be done with one locker. */
function sheet({ locker, item, name, signs, acts }: StaffCell, place: Place): HTMLElement {
  const { language, go } = place;
  const panel = make('div', 'sheet');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', `${locker} ${labels.door[language]}`);
  const about = make('div', 'about');
  const book = name ?? (item === null ? labels.noBook[language] : labels.untitled[language]);
  about.append(
    make('strong', 'title', book),
    make('span', 'when', [item, ...signs.map((sign) => sign[language])].filter(Boolean).join(' · ')),
  );
  const buttons = make('div', 'acts');
  buttons.append(...acts.map((act) => actButton(act, locker, place)));
  buttons.append(button('act quiet', () => go({ touched: null }), labels.close[language]));
  panel.append(make('span', 'number', String(locker)), about, buttons);
  return panel;
}

function actButton(act: LockerAct, locker: StaffCell['locker'], { language, go }: Place): HTMLElement {
  const touch = () => {
    post({ kind: 'staff', act: { do: act, locker } });
    go({ touched: null });
  };
  return button('act', touch, actLabels[act][language]);
}
