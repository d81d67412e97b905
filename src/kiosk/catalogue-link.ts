import type { Answer, Input } from '../circulation/input.js';
import type { Config } from '../config/config.js';
import type { CommandAnswer } from '../contract/command-messages.js';
import type { Document } from '../contract/document-messages.js';
import { topicsOf } from '../contract/topics.js';
import type { Journal } from '../journal/journal.js';
import { Fault, faultCatalogue } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import { createLink, type EpochEnd, type Link, type LinkOptions } from '../link/link.js';
import type { KeyRing, SigningKey } from '../passes/keys.js';
import { createSeals, type Seals } from '../passes/seal.js';
import { createCommands } from './command-input.js';
import type { Documents } from './document-store.js';

/** What the link of one kiosk stands between. */
export interface CatalogueLinkParts
  extends Pick<LinkOptions, 'session' | 'wait' | 'connect' | 'listen' | 'onOnline' | 'onRequest'> {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'link'>;
  readonly journal: Journal;
  readonly documents: Documents;
  readonly seals: Seals;
  readonly clock: Clock;
  readonly log: Log;
  /** Hands an input to the core. */
  submit(input: Input): void;
  /** A document of the catalogue has replaced what was known. */
  onDocument(): void;
}

/** The link to the catalogue: sends the journal, stores documents, and submits to the core what they and commands say. */
export function createCatalogueLink(parts: CatalogueLinkParts): Link {
  const { config, journal, submit, clock, log, seals } = parts;
  const { session, wait, connect, listen, onOnline, onRequest } = parts;
  const { brokerUrl, tls } = config.link;
  return createLink({
    url: brokerUrl,
    ...(tls && { tls }),
    ...(session !== undefined && { session }),
    ...(wait && { wait }),
    ...(connect && { connect }),
    ...(listen && { listen }),
    street: config.street,
    kiosk: config.kiosk,
    journal,
    log,
    seals,
    onCommand: createCommands({ clock, submit }),
    onRequest,
    onDocument: (document) => takeDocument(parts, document),
    onOnline,
    onReached: (online) => submit({ kind: 'online-changed', online }),
    onEpochOver: (why, known) => renewEpoch({ journal, clock, log }, why, known),
  });
}

/**
 * What a kiosk seals and opens the link's messages with: its own `key` signs; the catalogue's keys that `documents` has
 * are believed, but which those are only the configured `roots` say.
 */
export function kioskSeals(
  { street, kiosk }: Pick<Config, 'street' | 'kiosk'>,
  key: SigningKey,
  roots: KeyRing,
  documents: Pick<Documents, 'keyRing'>,
): Seals {
  const keysTopic = topicsOf(street, kiosk).documents.keys;
  return createSeals(
    () => key,
    (topic) => (topic === keysTopic ? roots : documents.keyRing()),
  );
}

/** What the core says of a command, as it is sent. */
export function answerOf({ command, answer, reason }: Answer): CommandAnswer {
  return { command, answer, ...(reason === null ? {} : { reason }) };
}

/** A document that cannot be kept counts all the same, until the next start. */
function takeDocument({ documents, submit, log, onDocument }: CatalogueLinkParts, document: Document): void {
  try {
    if (!documents.take(document)) return;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.error({ code: error.code }, error.message);
  }
  for (const input of documents.news(document.name)) submit(input);
  onDocument();
}

/** An epoch that cannot be begun is asked for again. */
function renewEpoch(
  { journal, clock, log }: Pick<CatalogueLinkParts, 'journal' | 'clock' | 'log'>,
  why: EpochEnd,
  known: number,
): void {
  const code = why === 'rewound' ? 'journal.rewound' : 'catalogue.behind';
  const fields = { code, known, last: journal.lastPosition(), epoch: journal.epoch };
  try {
    journal.beginEpoch(clock.now(), known);
    log.error({ ...fields, nextEpoch: journal.epoch }, faultCatalogue[code].meaning);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.error({ code: error.code }, error.message);
  }
}
