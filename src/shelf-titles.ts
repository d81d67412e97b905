import type { Journal } from './journal/journal.js';
import type { ItemId } from './kernel/ids.js';
import { type Holdings, holdingsSchema } from './link/contract.js';
import type { BookTitle } from './screen/phrases.js';

/** The titles of the items this kiosk may hold, as the catalogue last sent them; kept for offline use. */
export interface ShelfTitles {
  titleOf(item: ItemId): BookTitle | null;
  /** Replaces what was known, also across restarts; throws `journal.write` when that cannot be kept. An older version than the one kept is ignored. */
  keep(holdings: Holdings): void;
}

const documentName = 'holdings';

/** Titles as last kept in `journal`. */
export function createShelfTitles(journal: Journal): ShelfTitles {
  const kept = keptIn(journal);
  let version = kept?.version ?? 0;
  let books = kept ? index(kept) : new Map<ItemId, BookTitle>();
  return {
    titleOf: (item) => books.get(item) ?? null,
    keep(holdings) {
      if (holdings.version <= version) return;
      version = holdings.version;
      books = index(holdings);
      journal.keepDocument(documentName, holdings.version, holdings);
    },
  };
}

/** What was kept, if this release still understands it; the catalogue sends it again at the next connection. */
function keptIn(journal: Journal): Holdings | undefined {
  return holdingsSchema.safeParse(journal.document(documentName)?.body).data;
}

function index({ titles, items }: Holdings): Map<ItemId, BookTitle> {
  const byTitle = new Map(titles.map(({ title, name, author }) => [title, { name, author }]));
  const books = new Map<ItemId, BookTitle>();
  for (const { item, title } of items) {
    const book = byTitle.get(title);
    if (book) books.set(item, book);
  }
  return books;
}
