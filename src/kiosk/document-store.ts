import type { Age } from '../circulation/directory.js';
import { type Directory, emptyDirectory, type ItemDetails, type Policy } from '../circulation/directory.js';
import type { Input, RequestedHold } from '../circulation/input.js';
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
} from '../contract/document-messages.js';
import type { BookTitle } from '../display/phrases.js';
import type { Journal } from '../journal/journal.js';
import type { HoldId, ItemId, PatronId, VisitNo } from '../kernel/ids.js';
import { createKeyRing, type KeyRing, loadVerifyingKey } from '../passes/keys.js';
import type { PresenceSecret } from '../passes/presence.js';

/** What the catalogue has told this kiosk, kept in the journal for offline use. */
export interface Documents {
  /** The title of an item; null where the catalogue has told none. */
  titleOf(item: ItemId): BookTitle | null;
  /** Whose a library card is, by its number; null for a card that was not sent. */
  cardOf(card: string): { readonly patron: PatronId; readonly age: Age } | null;
  /** The stored hash of the PIN of a patron’s card; null when she has none. */
  pinOf(patron: PatronId): string | null;
  /** What the code in the screen’s QR is made of; null while the catalogue has told nothing of it. */
  presence(): PresenceSecret | null;
  /** Whose passes, documents, answers and commands are believed. */
  keyRing(): KeyRing;
  /** Of each document that it was told, the version. */
  versions(): Readonly<Record<string, number>>;
  /** What the core is to be told of what is kept: of all of it, or of the document that was just taken. */
  news(of?: DocumentName): readonly Input[];
  /**
   * Replaces what was known, also across restarts; false for a version no higher than the one kept. When it cannot be
   * kept it counts until the next start, and this throws `journal.write`.
   */
  take(document: Document): boolean;
}

/** Where documents are kept. */
type Keeper = Pick<Journal, 'document' | 'saveDocument'>;

/** The documents as last kept in `journal`; `policy` and `roots` count until the catalogue sends others. */
export function createDocuments(journal: Keeper, policy: Policy, roots: KeyRing): Documents {
  return new KeptDocuments(journal, policy, roots);
}

class KeptDocuments implements Documents {
  readonly #versions = new Map<DocumentName, number>();
  #titles: ReadonlyMap<ItemId, BookTitle> = new Map();
  #cards: ReadonlyMap<string, Patrons['cards'][number]> = new Map();
  #pins: ReadonlyMap<PatronId, string> = new Map();
  #directory: Directory = emptyDirectory;
  #policy: Policy;
  #keyRing: KeyRing;
  #holds: ReadonlyMap<HoldId, RequestedHold> | null = null;
  #returns: ReadonlyMap<ItemId, VisitNo> | null = null;
  #presence: PresenceSecret | null = null;

  constructor(
    private readonly journal: Keeper,
    policy: Policy,
    roots: KeyRing,
  ) {
    this.#policy = policy;
    this.#keyRing = roots;
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

  presence(): PresenceSecret | null {
    return this.#presence;
  }

  keyRing(): KeyRing {
    return this.#keyRing;
  }

  versions(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#versions);
  }

  news(of?: DocumentName): readonly Input[] {
    const isNew = (...names: DocumentName[]) => of === undefined || names.includes(of);
    const news: Input[] = [];
    if (isNew('holdings', 'patrons')) news.push({ kind: 'directory-updated', directory: this.#directory });
    if (isNew('policy')) news.push({ kind: 'policy-updated', policy: this.#policy });
    // Without a list nothing is known to be released, or to have come back.
    if (isNew('holds') && this.#holds) news.push({ kind: 'holds-updated', holds: this.#holds });
    if (isNew('returns') && this.#returns) news.push({ kind: 'returns-updated', returns: this.#returns });
    return news;
  }

  take(document: Document): boolean {
    const { name, body } = document;
    if (body.version <= (this.#versions.get(name) ?? 0)) return false;
    this.#use(document);
    this.journal.saveDocument(name, body.version, body);
    return true;
  }

  #use({ name, body }: Document): void {
    this.#versions.set(name, body.version);
    switch (name) {
      case 'keys':
        this.#keyRing = ringOf(body.keys);
        return;
      case 'holdings':
        this.#titles = titlesOf(body);
        this.#directory = { ...this.#directory, items: factsOf(body), wanted: wantedOf(body) };
        return;
      case 'patrons':
        this.#cards = new Map(body.cards.map((card) => [card.card, card]));
        this.#pins = new Map(body.cards.map(({ patron, pin }) => [patron, pin]));
        this.#directory = {
          ...this.#directory,
          blocked: new Set(body.blocked),
          revoked: new Set(body.revoked),
        };
        return;
      case 'policy':
        this.#policy = policyOf(body);
        return;
      case 'holds':
        this.#holds = holdsOf(body);
        return;
      case 'returns':
        this.#returns = returnsOf(body);
        return;
      case 'presence':
        this.#presence = body;
        return;
    }
  }
}

/** What was kept, if this release can still read it; the catalogue sends it again at the next connection. */
function keptIn(journal: Keeper, name: DocumentName): Document | undefined {
  try {
    return documentOf(name, journal.document(name)?.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Throws `pass.key-unusable`. */
function ringOf(keys: readonly string[]): KeyRing {
  return createKeyRing([...new Set(keys)].map(loadVerifyingKey));
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

function wantedOf({ items }: Holdings): ReadonlySet<ItemId> {
  return new Set(items.filter(({ wanted }) => wanted).map(({ item }) => item));
}

function factsOf({ titles, items }: Holdings): ReadonlyMap<ItemId, ItemDetails> {
  const byTitle = new Map(
    titles.map(({ title, loanClass = null, adultsOnly = false }) => [title, { loanClass, adultsOnly }]),
  );
  const facts = new Map<ItemId, ItemDetails>();
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

function holdsOf({ holds }: Holds): ReadonlyMap<HoldId, RequestedHold> {
  return new Map(holds.map(({ hold, item, patron, until }) => [hold, { item, patron, until }]));
}

function returnsOf({ returns }: Returns): ReadonlyMap<ItemId, VisitNo> {
  return new Map(returns.map(({ item, visit }) => [item, visit]));
}
