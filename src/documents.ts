import type { Directory, ItemFacts, Policy } from './circulation/directory.js';
import type { Input, WantedHold } from './circulation/input.js';
import type { Age } from './circulation/state.js';
import type { Journal } from './journal/journal.js';
import type { HoldId, ItemId, PatronId, VisitNo } from './kernel/ids.js';
import {
  type Document,
  type DocumentName,
  documentNames,
  documentOf,
  type Holdings,
  type Holds,
  type Patrons,
  type PolicyDocument,
  type Returns,
} from './link/documents.js';
import type { BookTitle } from './screen/phrases.js';

/** What the catalogue has told this kiosk, kept in the journal for offline use. */
export interface Documents {
  /** The title of an item; null where the catalogue has told none. */
  titleOf(item: ItemId): BookTitle | null;
  /** Whose a library card is, by its number; null for a card that was not sent. */
  cardOf(card: string): { readonly patron: PatronId; readonly age: Age } | null;
  /** The stored hash of the PIN of a patron’s card; null when she has none. */
  pinOf(patron: PatronId): string | null;
  /** What the core is to be told of what is kept: at the start, and after each document that was taken. */
  news(): readonly Input[];
  /**
   * Replaces what was known, also across restarts; false for a version no higher than the one kept. When it cannot be
   * kept it counts until the next start, and this throws `journal.write`.
   */
  take(document: Document): boolean;
}

interface Kept {
  readonly holdings?: Holdings;
  readonly patrons?: Patrons;
  readonly policy?: PolicyDocument;
  readonly holds?: Holds;
  readonly returns?: Returns;
}

/** The documents as last kept in `journal`; `policy` counts until the catalogue sends one. */
export function createDocuments(journal: Journal, policy: Policy): Documents {
  return new KeptDocuments(journal, policy);
}

class KeptDocuments implements Documents {
  #kept: Kept = {};
  #titles: ReadonlyMap<ItemId, BookTitle> = new Map();
  #cards: ReadonlyMap<string, Patrons['cards'][number]> = new Map();
  #pins: ReadonlyMap<PatronId, string> = new Map();

  constructor(
    private readonly journal: Journal,
    private readonly policy: Policy,
  ) {
    for (const name of documentNames) {
      const document = keptIn(journal, name);
      if (document) this.#use(document);
    }
  }

  titleOf(item: ItemId): BookTitle | null {
    return this.#titles.get(item) ?? null;
  }

  cardOf(card: string): { readonly patron: PatronId; readonly age: Age } | null {
    const found = this.#cards.get(card);
    return found ? { patron: found.patron, age: found.age } : null;
  }

  pinOf(patron: PatronId): string | null {
    return this.#pins.get(patron) ?? null;
  }

  news(): readonly Input[] {
    const { policy, holds, returns } = this.#kept;
    return [
      { kind: 'directory-told', directory: directoryOf(this.#kept) },
      { kind: 'policy-told', policy: policy ? policyOf(policy) : this.policy },
      ...(holds ? [{ kind: 'holds-told', holds: holdsOf(holds) } as const] : []),
      ...(returns ? [{ kind: 'returns-told', returns: returnsOf(returns) } as const] : []),
    ];
  }

  take(document: Document): boolean {
    const { name, body } = document;
    if (body.version <= (this.#kept[name]?.version ?? 0)) return false;
    this.#use(document);
    this.journal.keepDocument(name, body.version, body);
    return true;
  }

  #use(document: Document): void {
    this.#kept = { ...this.#kept, [document.name]: document.body };
    if (document.name === 'holdings') this.#titles = titlesOf(document.body);
    if (document.name !== 'patrons') return;
    this.#cards = new Map(document.body.cards.map((card) => [card.card, card]));
    this.#pins = new Map(document.body.cards.map(({ patron, pin }) => [patron, pin]));
  }
}

/** What was kept, if this release still understands it; the catalogue sends it again at the next connection. */
function keptIn(journal: Journal, name: DocumentName): Document | undefined {
  return documentOf(name, journal.document(name)?.body);
}

function titlesOf({ titles, items }: Holdings): ReadonlyMap<ItemId, BookTitle> {
  const byTitle = new Map(titles.map(({ title, name, author }) => [title, { name, author }]));
  const books = new Map<ItemId, BookTitle>();
  for (const { item, title } of items) {
    const book = byTitle.get(title);
    if (book) books.set(item, book);
  }
  return books;
}

function directoryOf({ holdings, patrons }: Kept): Directory {
  return {
    items: holdings ? factsOf(holdings) : null,
    wanted: new Set(holdings?.items.filter(({ wanted }) => wanted).map(({ item }) => item)),
    blocked: new Set(patrons?.blocked),
    revoked: new Set(patrons?.revoked),
  };
}

function factsOf({ titles, items }: Holdings): ReadonlyMap<ItemId, ItemFacts> {
  const byTitle = new Map(
    titles.map(({ title, loanClass = null, adultsOnly = false }) => [title, { loanClass, adultsOnly }]),
  );
  const facts = new Map<ItemId, ItemFacts>();
  for (const { item, title } of items) {
    const fact = byTitle.get(title);
    if (fact) facts.set(item, fact);
  }
  return facts;
}

function policyOf({ version: _, loanDaysOfClass, closedDays, ...policy }: PolicyDocument): Policy {
  return {
    ...policy,
    loanDaysOfClass: new Map(Object.entries(loanDaysOfClass)),
    closedDays: new Set(closedDays),
  };
}

function holdsOf({ holds }: Holds): ReadonlyMap<HoldId, WantedHold> {
  return new Map(holds.map(({ hold, item, patron, until }) => [hold, { item, patron, until }]));
}

function returnsOf({ returns }: Returns): ReadonlyMap<ItemId, VisitNo> {
  return new Map(returns.map(({ item, visit }) => [item, visit]));
}
