import { Component, h } from '/preact.js';
import type { ItemProp, LockerSnapshot } from '../snapshot.js';
import { hands } from './hands.js';
import { Book, Both } from './parts.js';
import { type Words, words } from './words.js';

const refusalShownMs = 1_600;

interface LockerProps {
  readonly locker: LockerSnapshot;
  readonly items: ReadonlyMap<string, ItemProp>;
  /** The book the visitor holds, if any. */
  readonly inHand: string | null;
}

/** Why the last attempt was refused, for as long as that is shown. */
interface LockerState {
  readonly refusal: Words | null;
}

/** One locker of the cabinet: its door, and what is behind it. */
export class Locker extends Component<LockerProps, LockerState> {
  override state: LockerState = { refusal: null };
  #refusalTimer = 0;

  override componentWillUnmount(): void {
    clearTimeout(this.#refusalTimer);
  }

  /** Shows for a moment why an attempt was refused. */
  async #try(attempt: Promise<Words | null>): Promise<void> {
    const refusal = await attempt;
    if (!refusal) return;
    this.setState({ refusal });
    clearTimeout(this.#refusalTimer);
    this.#refusalTimer = window.setTimeout(() => this.setState({ refusal: null }), refusalShownMs);
  }

  override render() {
    const { locker, door, lock, relayOn } = this.props.locker;
    const { refusal } = this.state;
    const isOpen = door === 'open';
    const move = (action: 'open' | 'close') => void this.#try(hands.door({ locker, action }));
    const action = isOpen ? words.shut : words.open;
    const lockWords = lock === 'free' ? words.free : words.latched;
    return (
      <li
        class="locker"
        data-door={door}
        data-lock={lock}
        data-relay={relayOn ? 'on' : 'off'}
        data-refused={refusal ? 'yes' : undefined}
      >
        <div class="inside" inert={!isOpen}>
          <span class="inside-number">{locker}</span>
          <div class="place">{this.#place()}</div>
          <button type="button" class="shut" onClick={() => move('close')}>
            <Both {...words.shut} />
          </button>
        </div>
        <button
          type="button"
          class="door"
          aria-label={`${locker} 号门 door：${action.zh} ${action.en}（${lockWords.zh} ${lockWords.en}）`}
          onClick={() => move(isOpen ? 'close' : 'open')}
        >
          <span class="number">{locker}</span>
          <span class="latch" />
          <span class="handle" />
          <span class="slot" />
        </button>
        <span class="says" role="status">
          {refusal && <Both {...refusal} />}
        </span>
      </li>
    );
  }

  /** The book inside, or the place for the one in the visitor's hand. */
  #place() {
    const { locker: snapshot, items, inHand } = this.props;
    const { locker, item } = snapshot;
    if (item !== null) {
      const take = () => void this.#try(hands.book({ action: 'take', locker, item }));
      return (
        <button key={item} type="button" class="take" onClick={take}>
          <Book title={items.get(item)?.title ?? item} author={items.get(item)?.author ?? ''} />
          <Both {...words.take} />
        </button>
      );
    }
    if (inHand === null) {
      return (
        <span class="vacant">
          <Both {...words.emptyInside} />
        </span>
      );
    }
    const put = () => void this.#try(hands.book({ action: 'put', locker, item: inHand }));
    return (
      <button type="button" class="put" onClick={put}>
        <Both {...words.putHere} />
      </button>
    );
  }
}
