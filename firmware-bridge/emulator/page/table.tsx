import { h } from '/preact.js';
import type { ItemProp } from '../snapshot.js';
import { Book, Both } from './parts.js';
import { type Words, words } from './words.js';

interface TableProps {
  /** The books on the table. */
  readonly hand: readonly string[];
  readonly items: ReadonlyMap<string, ItemProp>;
  readonly inHand: string | null;
  readonly onPick: (item: string | null) => void;
  readonly onScan: (text: string, what: Words) => void;
}

/** The books on the table; a press picks one up, and then its label can be scanned. */
export function Table({ hand, items, inHand, onPick, onScan }: TableProps) {
  return (
    <section class="table">
      <h2>
        <Both {...words.table} />
      </h2>
      <p class="table-hint">
        <Both {...(hand.length > 0 ? words.tableHint : words.tableEmpty)} />
      </p>
      <ul class="hand">
        {hand.map((item) => {
          const { title, author } = items.get(item) ?? { title: item, author: '' };
          const isInHand = item === inHand;
          return (
            <li key={item} class="lying">
              <button
                type="button"
                class="pick"
                aria-label={`${title} ${author}`}
                aria-pressed={isInHand}
                onClick={() => onPick(isInHand ? null : item)}
              >
                <Book title={title} author={author} />
              </button>
              {isInHand && (
                <button
                  type="button"
                  class="prop label"
                  onClick={() => onScan(item, { zh: `《${title}》`, en: title })}
                >
                  <Both {...words.label} />
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
