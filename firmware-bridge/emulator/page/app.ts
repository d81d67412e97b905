import type { BoardSnapshot, CabinetSnapshot, PersonProp } from '../snapshot.js';
import { bookOf, button, byId, make } from './dom.js';
import { follow, hands } from './hands.js';
import { Lockers } from './lockers.js';
import { both, type Words, words } from './words.js';

/** What is printed as a QR on the doors of the demonstration's kiosk, before the door's two digits. */
const doorCode = 'LNL:JN-01:';
const beamMs = 900;

const reader = byId('reader');
const readerSays = byId('reader-says');
const doorCodes = byId('locker-code') as HTMLSelectElement;
const lockers = new Lockers(byId('lockers'), () => inHand);

let snapshot: CabinetSnapshot | null = null;
let inHand: string | null = null;
let shownProps = '';
let shownHand = '';
let beamOff = 0;

byId('scan-locker').addEventListener('click', () => {
  const code = doorCodes.value.padStart(2, '0');
  void scan(`${doorCode}${code}`, { zh: `${words.doorCode.zh} ${code}`, en: `${words.doorCode.en} ${code}` });
});
follow(
  (next) => {
    snapshot = next;
    if (inHand !== null && !next.hand.includes(inHand)) inHand = null;
    render(next);
  },
  (lost) => {
    byId('lost').hidden = !lost;
  },
);

function render(next: CabinetSnapshot): void {
  byId('boards').replaceChildren(...next.boards.map(lampOf));
  lockers.update(next);
  renderProps(next);
  renderHand(next);
}

/** A lamp for each board: on while it has power and its cable is in. */
function lampOf({ board, running, plugged }: BoardSnapshot): HTMLElement {
  const lamp = make('i', '');
  lamp.dataset.on = String(running && plugged);
  lamp.title = board;
  return lamp;
}

/** The things that never change while the program runs are drawn once. */
function renderProps({ props, lockers: all }: CabinetSnapshot): void {
  const wanted = JSON.stringify([props.people, all.length]);
  if (wanted === shownProps) return;
  shownProps = wanted;
  byId('people').replaceChildren(...props.people.map(personOf), ...props.people.slice(0, 1).map(forgerOf));
  doorCodes.replaceChildren(
    ...all.map(({ locker }) => new Option(`${locker} 号 No. ${locker}`, String(locker))),
  );
}

function personOf({ name, label, codes }: PersonProp): HTMLElement {
  const shown = (what: Words): Words => ({ zh: `${name}的${what.zh}`, en: `${what.en} of ${name}` });
  return make(
    'li',
    'person',
    make('span', 'who', make('b', '', name), make('small', '', label)),
    ...codes.map(({ text, ...what }, at) =>
      button(at === 0 ? 'prop pass' : 'prop card', what, () => scan(text, shown(what))),
    ),
  );
}

/** A pass somebody tampered with: its signature no longer fits. */
function forgerOf({ codes }: PersonProp): HTMLElement {
  const pass = codes[0]?.text ?? '';
  return make(
    'li',
    'person forger',
    make('span', 'who', make('b', '', '？'), make('small', '', ...both(words.forgedWhy))),
    button('prop pass', words.forged, () => scan(tamperedWith(pass), words.forged)),
  );
}

/** `pass` with a character of its signature made smaller, which keeps it readable. */
function tamperedWith(pass: string): string {
  const at = [...pass].findLastIndex(
    (character, i) => i < pass.length - 12 && character > '0' && character <= 'Z',
  );
  const lower = pass.charAt(at) === '1' ? '0' : '1';
  return `${pass.slice(0, at)}${lower}${pass.slice(at + 1)}`;
}

function renderHand({ hand, props }: CabinetSnapshot): void {
  const wanted = JSON.stringify([hand, inHand]);
  if (wanted === shownHand) return;
  shownHand = wanted;
  const items = new Map(props.items.map((item) => [item.item, item]));
  byId('table-hint').replaceChildren(...both(hand.length > 0 ? words.tableHint : words.tableEmpty));
  const focused = document.activeElement?.closest<HTMLElement>('[data-item]')?.dataset.item;
  byId('hand').replaceChildren(
    ...hand.map((item) => {
      const prop = items.get(item);
      const title = prop?.title ?? item;
      return onTable(item, title, prop?.author ?? '');
    }),
  );
  if (focused)
    byId('hand')
      .querySelector<HTMLElement>(`[data-item="${CSS.escape(focused)}"] button`)
      ?.focus();
}

function onTable(item: string, title: string, author: string): HTMLElement {
  const pick = make('button', 'pick', bookOf(title, author));
  pick.type = 'button';
  pick.setAttribute('aria-label', `${title} ${author}`);
  pick.setAttribute('aria-pressed', String(item === inHand));
  pick.addEventListener('click', () => {
    inHand = item === inHand ? null : item;
    if (snapshot) render(snapshot);
  });
  const entry = make('li', 'lying', pick);
  entry.dataset.item = item;
  if (item === inHand) {
    entry.append(button('prop label', words.label, () => scan(item, { zh: `《${title}》`, en: title })));
  }
  return entry;
}

async function scan(text: string, what: Words): Promise<void> {
  const refusal = await hands.scan({ text });
  const { zh, en } = refusal ?? words.scanned;
  readerSays.replaceChildren(...both({ zh: `${zh}：${what.zh}`, en: `${en}: ${what.en}` }));
  reader.dataset.beam = refusal ? 'refused' : 'on';
  clearTimeout(beamOff);
  beamOff = window.setTimeout(() => {
    reader.dataset.beam = 'off';
  }, beamMs);
}
