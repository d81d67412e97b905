import type { Sentence } from '../phrases.js';
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

/** The page of staff: all lockers, what should leave, and what may be done with the locker that was touched. */
export function createStaff(section: HTMLElement) {
  let drawn = '';
  let view: StaffView | null = null;
  let language: Language = 'zh';
  let touched: number | null = null;
  let isLeavingShown = false;

  function draw(): void {
    const wanted = view ? JSON.stringify([view, language, touched, isLeavingShown]) : '';
    if (wanted === drawn) return;
    drawn = wanted;
    section.replaceChildren(...(view ? [tabs(view), isLeavingShown ? leaving(view) : cells(view)] : []));
    const cell = view?.cells.find(({ locker }) => locker === touched);
    if (cell) section.append(sheet(cell));
  }

  function tabs({ leaving }: StaffView): HTMLElement {
    const bar = make('div', 'tabs');
    for (const shown of [false, true]) {
      const text = shown ? `${labels.leaving[language]} ${leaving.length}` : labels.allDoors[language];
      const tab = button('tab', () => turn(shown), text);
      tab.setAttribute('aria-pressed', String(shown === isLeavingShown));
      bar.append(tab);
    }
    return bar;
  }

  function turn(shown: boolean): void {
    isLeavingShown = shown;
    touch(null);
  }

  function touch(locker: number | null): void {
    touched = locker;
    draw();
  }

  function cells(view: StaffView): HTMLElement {
    const grid = make('ol', 'cells');
    for (const cell of view.cells) {
      const item = make('li', '');
      const face = button('cell', () => touch(cell.locker));
      face.dataset.look = cell.look;
      face.append(
        make('span', 'number', String(cell.locker)),
        make('span', 'book-name', nameOf(cell, language)),
        ...cell.signs.map((sign) => make('span', 'sign', sign[language])),
      );
      item.append(face);
      grid.append(item);
    }
    return grid;
  }

  function leaving({ leaving }: StaffView): HTMLElement {
    const list = make('ol', 'leaving');
    if (leaving.length === 0) list.append(make('li', 'nothing', labels.nothingLeaves[language]));
    list.append(...leaving.map(leavingRow));
    return list;
  }

  function leavingRow({ locker, name, why, mayTake }: Leaving): HTMLElement {
    const row = make('li', 'loan');
    const about = make('div', 'about');
    about.append(
      make('strong', 'title', name ?? labels.untitled[language]),
      make('span', 'when', why.map((each) => each[language]).join(language === 'zh' ? '，' : ', ')),
    );
    row.append(make('span', 'number', String(locker)), about);
    if (mayTake) row.append(actButton('withdraw', locker));
    return row;
  }

  function sheet({ locker, item, name, signs, acts }: StaffCell): HTMLElement {
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
    buttons.append(...acts.map((act) => actButton(act, locker)));
    buttons.append(button('act quiet', () => touch(null), labels.close[language]));
    panel.append(make('span', 'number', String(locker)), about, buttons);
    return panel;
  }

  function actButton(act: LockerAct, locker: StaffCell['locker']): HTMLElement {
    return button(
      'act',
      () => {
        post({ kind: 'staff', act: { do: act, locker } });
        touch(null);
      },
      actLabels[act][language],
    );
  }

  return {
    update({ phase, staff }: ScreenView, nextLanguage: Language): void {
      view = staff;
      language = nextLanguage;
      section.hidden = staff === null || staff.emergency !== 'no';
      if (section.hidden) touched = null;
      // From one door to the next, staff find the list as they left it.
      isLeavingShown &&= phase === 'working' || phase === 'opening' || phase === 'open';
      draw();
    },
  };
}

function nameOf({ item, name }: StaffCell, language: Language): string {
  return name ?? (item === null ? '' : labels.untitled[language]);
}
