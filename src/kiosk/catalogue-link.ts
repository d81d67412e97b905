import type { Answer } from '../circulation/input.js';
import type { Config } from '../config/config.js';
import type { CommandAnswer } from '../contract/command-messages.js';
import type { Document } from '../contract/document-messages.js';
import { topicsOf } from '../contract/topics.js';
import type { Journal } from '../journal/journal.js';
import { Fault, faultCatalogue } from '../kernel/faults.js';
import type { Log } from '../kernel/log.js';
import type { Clock } from '../kernel/time.js';
import { createLink, type EpochEnd, type Link, type LinkOptions } from '../link/link.js';
import type { connectMqtt } from '../mqtt/connection.js';
import type { KeyRing, SigningKey } from '../passes/keys.js';
import { createSeals } from '../passes/seal.js';
import { createCommands } from './command-input.js';
import type { Documents } from './document-store.js';
import type { Kiosk } from './kiosk.js';

/** What the link of one kiosk stands between. */
export interface CatalogueLinkParts {
  readonly config: Pick<Config, 'kiosk' | 'street' | 'link' | 'monitoring'>;
  readonly journal: Journal;
  readonly documents: Documents;
  /** The kiosk’s own key. */
  readonly key: SigningKey;
  /** The configured keys. */
  readonly roots: KeyRing;
  readonly kiosk: Kiosk;
  readonly clock: Clock;
  readonly log: Log;
  show(): void;
  /** A connection stands. */
  onOnline(): void;
  /** Anybody on the broker asks something. */
  onRequest(name: string, payload: Uint8Array): void;
  /** Home Assistant has started. */
  onHomeAssistant(): void;
  /** Overrides the way to the broker. */
  readonly connect?: typeof connectMqtt;
}

/** The link to the catalogue: the journal goes out, documents come in, and the core hears of both. */
export function createCatalogueLink(parts: CatalogueLinkParts): Link {
  const { config, journal, documents, kiosk, key, roots, log, connect } = parts;
  const keysTopic = topicsOf(config.street, config.kiosk).documents.keys;
  const { brokerUrl, tls } = config.link;
  const link: Link = createLink({
    url: brokerUrl,
    ...(tls && { tls }),
    ...(connect && { connect }),
    street: config.street,
    kiosk: config.kiosk,
    journal,
    log,
    seals: createSeals(
      () => key,
      (topic) => (topic === keysTopic ? roots : documents.keyRing()),
    ),
    onCommand: createCommands({
      clock: parts.clock,
      submit: (input) => kiosk.submit(input),
      answer: (answer) => link.answer(answer),
    }),
    onRequest: parts.onRequest,
    onDocument: (document) => takeDocument(parts, document),
    onOnline(online) {
      parts.show();
      if (online) parts.onOnline();
    },
    ...listenOf(parts),
    onReached: (online) => kiosk.submit({ kind: 'online-changed', online }),
    onEpochOver: (why, known) => renewEpoch(parts, why, known),
  });
  return link;
}

function listenOf({ config, onHomeAssistant }: CatalogueLinkParts): Pick<LinkOptions, 'listen'> {
  const { homeAssistant } = config.monitoring;
  if (homeAssistant === false) return {};
  const onMessage = (payload: Uint8Array) => {
    if (Buffer.from(payload).toString('utf8') === 'online') onHomeAssistant();
  };
  return { listen: { topic: `${homeAssistant.prefix}/status`, onMessage } };
}

/** What the core says of a command, as it is sent. */
export function answerOf({ command, answer, reason }: Answer): CommandAnswer {
  return { command, answer, ...(reason === null ? {} : { reason }) };
}

/** A document that cannot be kept counts all the same, until the next start. */
function takeDocument({ documents, kiosk, log, show }: CatalogueLinkParts, document: Document): void {
  try {
    if (!documents.take(document)) return;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.error({ code: error.code }, error.message);
  }
  for (const input of documents.news(document.name)) kiosk.submit(input);
  show();
}

/** An epoch that cannot be begun is asked for again. */
function renewEpoch({ journal, clock, log }: CatalogueLinkParts, why: EpochEnd, known: number): void {
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
