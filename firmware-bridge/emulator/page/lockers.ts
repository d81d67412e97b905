import type { CabinetSnapshot, ItemProp, LockerSnapshot } from '../snapshot.js';
import { bookOf, button, make } from './dom.js';
import { hands } from './hands.js';
import { both, type Words, words } from './words.js';

const wordsStayMs = 1_600;

/** The doors of the cabinet; each element lives as long as the page, so that its door can swing. */
export class Lockers {
  readonly #lockers = new Map<number, Locker>();

  /** `inHand` tells which book the visitor holds, if any. */
  constructor(
    private readonly list: HTMLElement,
    private readonly inHand: () => string | null,
  ) {}

  update(snapshot: CabinetSnapshot): void {
    const items = new Map(snapshot.props.items.map((item) => [item.item, item]));
    for (const locker of snapshot.lockers) this.#of(locker.locker).update(locker, items, this.inHand());
  }

  #of(number: number): Locker {
    const known = this.#lockers.get(number);
    if (known) return known;
    const locker = new Locker(number);
    this.#lockers.set(number, locker);
    this.list.append(locker.element);
    return locker;
  }
}

class Locker {
  readonly element: HTMLElement;
  readonly #door: HTMLButtonElement;
  readonly #inside = make('div', 'inside');
  readonly #says = make('span', 'says');
  readonly #place = make('div', 'place');
  #open = false;
  #shown = '';
  #quiet = 0;

  constructor(private readonly locker: number) {
    this.#door = make('button', 'door', make('span', 'number', String(locker)), make('span', 'latch'));
    this.#door.append(make('span', 'handle'), make('span', 'slot'));
    this.#door.type = 'button';
    this.#door.addEventListener('click', () => this.#move(this.#open ? 'close' : 'open'));
    this.#says.setAttribute('role', 'status');
    this.#inside.append(
      make('span', 'inside-number', String(locker)),
      this.#place,
      button('shut', words.shut, () => this.#move('close')),
    );
    this.element = make('li', 'locker', this.#inside, this.#door, this.#says);
  }

  update(snapshot: LockerSnapshot, items: ReadonlyMap<string, ItemProp>, inHand: string | null): void {
    this.#open = snapshot.door === 'open';
    const { dataset } = this.element;
    dataset.door = snapshot.door;
    dataset.lock = snapshot.lock;
    dataset.relay = snapshot.relayOn ? 'on' : 'off';
    this.#inside.inert = !this.#open;
    const lock = snapshot.lock === 'free' ? words.free : words.latched;
    const action = this.#open ? words.shut : words.open;
    this.#door.setAttribute(
      'aria-label',
      `${this.locker} 号门 door：${action.zh} ${action.en}（${lock.zh} ${lock.en}）`,
    );
    this.#fill(snapshot.item, items, inHand);
  }

  /** The book inside, or the place for the one in the visitor's hand. */
  #fill(item: string | null, items: ReadonlyMap<string, ItemProp>, inHand: string | null): void {
    const shown = JSON.stringify([item, item === null && inHand]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (item !== null) this.#place.replaceChildren(this.#bookInside(item, items.get(item)));
    else if (inHand !== null) {
      const put = () => this.#try(hands.book({ action: 'put', locker: this.locker, item: inHand }));
      this.#place.replaceChildren(button('put', words.putHere, put));
    } else this.#place.replaceChildren(make('span', 'vacant', ...both(words.emptyInside)));
  }

  #bookInside(item: string, prop: ItemProp | undefined): HTMLElement {
    const take = button('take', words.take, () =>
      this.#try(hands.book({ action: 'take', locker: this.locker, item })),
    );
    take.prepend(bookOf(prop?.title ?? item, prop?.author ?? ''));
    return take;
  }

  #move(action: 'open' | 'close'): void {
    void this.#try(hands.door({ locker: this.locker, action }));
  }

  async #try(attempt: Promise<Words | null>): Promise<void> {
    const refusal = await attempt;
    if (!refusal) return;
    this.#says.replaceChildren(...both(refusal));
    this.element.dataset.refused = 'yes';
    clearTimeout(this.#quiet);
    this.#quiet = window.setTimeout(() => {
      delete this.element.dataset.refused;
      this.#says.replaceChildren();
    }, wordsStayMs);
  }
}
