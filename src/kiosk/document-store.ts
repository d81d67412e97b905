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

/** The catalogue’s documents for this kiosk, stored in the journal for offline use. */
export interface DocumentStore {
  /** The title of an item; null where no document has it. */
  titleOf(item: ItemId): BookTitle | null;
  /** The owner of a library card, by its number; null for an unknown card. */
  cardOf(card: string): { readonly patron: PatronId; readonly age: Age } | null;
  /** The stored hash of the PIN of a patron’s card; null without a card. */
  pinOf(patron: PatronId): string | null;
  /** The secret of the code in the screen’s QR; null before the catalogue has sent one. */
  presence(): PresenceSecret | null;
  /** The keys that passes, documents, answers and commands are verified with. */
  keyRing(): KeyRing;
  /** The version of each stored document. */
  versions(): Readonly<Record<string, number>>;
  /** The inputs that bring the core up to date: from every document, or from `name` alone. */
  inputsFrom(name?: DocumentName): readonly Input[];
  /**
   * Replaces a document, durably; returns false for a version no higher than the stored one. When it cannot be written
   * it is in force until the next start, and this throws `journal.write`.
   */
  update(document: Document): boolean;
}

/** The part of the journal that stores documents. */
type DocumentTable = Pick<Journal, 'document' | 'saveDocument'>;

/** Reads the documents stored in `journal`; `policy` and `roots` are in force until the catalogue sends others. */
export function createDocumentStore(journal: DocumentTable, policy: Policy, roots: KeyRing): DocumentStore {
  return new JournaledDocumentStore(journal, policy, roots);
}

class JournaledDocumentStore implements DocumentStore {
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
    private readonly journal: DocumentTable,
    policy: Policy,
    roots: KeyRing,
  ) {
    this.#policy = policy;
    this.#keyRing = roots;
    for (const name of documentNames) {
      const document = readStored(journal, name);
      if (document) this.#apply(document);
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

  inputsFrom(name?: DocumentName): readonly Input[] {
    const isWanted = (...names: DocumentName[]) => name === undefined || names.includes(name);
    const inputs: Input[] = [];
    if (isWanted('holdings', 'patrons'))
      inputs.push({ kind: 'directory-updated', directory: this.#directory });
    if (isWanted('policy')) inputs.push({ kind: 'policy-updated', policy: this.#policy });
    // Without a list no hold is known to be released, and no item to be returned.
    if (isWanted('holds') && this.#holds) inputs.push({ kind: 'holds-updated', holds: this.#holds });
    if (isWanted('returns') && this.#returns)
      inputs.push({ kind: 'returns-updated', returns: this.#returns });
    return inputs;
  }

  update(document: Document): boolean {
    const { name, body } = document;
    if (body.version <= (this.#versions.get(name) ?? 0)) return false;
    this.#apply(document);
    this.journal.saveDocument(name, body.version, body);
    return true;
  }

  #apply({ name, body }: Document): void {
    this.#versions.set(name, body.version);
    switch (name) {
      case 'keys':
        this.#keyRing = keyRingOf(body.keys);
        return;
      case 'holdings':
        this.#titles = titlesOf(body);
        this.#directory = { ...this.#directory, items: itemDetailsOf(body), wanted: wantedOf(body) };
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

/** The stored document, if this release can read it; the catalogue sends it again at the next connection. */
function readStored(journal: DocumentTable, name: DocumentName): Document | undefined {
  try {
    return documentOf(name, journal.document(name)?.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Throws `pass.key-unusable`. */
function keyRingOf(keys: readonly string[]): KeyRing {
  return createKeyRing([...new Set(keys)].map(loadVerifyingKey));
}

function titlesOf({ titles, items }: Holdings): ReadonlyMap<ItemId, BookTitle> {
  const byTitle = new Map(titles.map(({ title, name, author }) => [title, { name, author }]));
  const titleOfItem = new Map<ItemId, BookTitle>();
  for (const { item, title } of items) {
    const book = byTitle.get(title);
    if (book) titleOfItem.set(item, book);
  }
  return titleOfItem;
}

function wantedOf({ items }: Holdings): ReadonlySet<ItemId> {
  return new Set(items.filter(({ wanted }) => wanted).map(({ item }) => item));
}

function itemDetailsOf({ titles, items }: Holdings): ReadonlyMap<ItemId, ItemDetails> {
  const byTitle = new Map(
    titles.map(({ title, loanClass = null, adultsOnly = false }) => [title, { loanClass, adultsOnly }]),
  );
  const detailsOfItem = new Map<ItemId, ItemDetails>();
  for (const { item, title } of items) {
    const details = byTitle.get(title);
    if (details) detailsOfItem.set(item, details);
  }
  return detailsOfItem;
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
