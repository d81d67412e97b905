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
import { createCommandHandler } from './command-input.js';
import type { DocumentStore } from './document-store.js';

/** The parts of a kiosk that its link connects with the catalogue. */
export interface CatalogueLinkParts
  extends Pick<LinkOptions, 'session' | 'wait' | 'connect' | 'listen' | 'onOnline' | 'onRequest'> {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'link'>;
  readonly journal: Journal;
  readonly documents: DocumentStore;
  readonly seals: Seals;
  readonly clock: Clock;
  readonly log: Log;
  /** Hands an input to the core. */
  submit(input: Input): void;
  /** Called after a document was replaced. */
  onDocument(): void;
}

/** Makes the link to the catalogue: sends the journal, stores documents, and submits documents and commands to the core. */
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
    onCommand: createCommandHandler({ clock, submit }),
    onRequest,
    onDocument: (document) => storeDocument(parts, document),
    onOnline,
    onReached: (online) => submit({ kind: 'online-changed', online }),
    onEpochOver: (why, known) => beginNextEpoch({ journal, clock, log }, why, known),
  });
}

/**
 * Makes the seals of the link's messages: the kiosk signs with `key`; messages are verified with the catalogue's keys in
 * `documents`, and the document with those keys with the configured `roots` only.
 */
export function createKioskSeals(
  { street, kiosk }: Pick<Config, 'street' | 'kiosk'>,
  key: SigningKey,
  roots: KeyRing,
  documents: Pick<DocumentStore, 'keyRing'>,
): Seals {
  const keysTopic = topicsOf(street, kiosk).documents.keys;
  return createSeals(
    () => key,
    (topic) => (topic === keysTopic ? roots : documents.keyRing()),
  );
}

/** The core's answer to a command, in the contract's form. */
export function answerOf({ command, answer, reason }: Answer): CommandAnswer {
  return { command, answer, ...(reason === null ? {} : { reason }) };
}

/** Replaces a document and submits its contents; one that cannot be written is in force until the next start. */
function storeDocument({ documents, submit, log, onDocument }: CatalogueLinkParts, document: Document): void {
  try {
    if (!documents.update(document)) return;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.error({ code: error.code }, error.message);
  }
  for (const input of documents.inputsFrom(document.name)) submit(input);
  onDocument();
}

/** Begins the journal's next epoch; when that cannot be written, the link asks for it again. */
function beginNextEpoch(
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
