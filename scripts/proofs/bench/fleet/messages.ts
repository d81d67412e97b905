import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../../../src/circulation/event.js';

/** Messages from the bench to a process of kiosks. */
export type ToKiosks =
  /** Each kiosk records so many loans; `synced` follows when the catalogue has stored all of them. */
  { readonly kind: 'live'; readonly loans: number } | { readonly kind: 'report-digests' };

/** Messages from a process of kiosks. */
export type FromKiosks =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lived' }
  | { readonly kind: 'online'; readonly kiosk: string; readonly online: boolean }
  /** All events of all its kiosks are acknowledged. */
  | { readonly kind: 'synced' }
  | { readonly kind: 'digests'; readonly digests: JournalDigests };

/** Messages from the bench to the catalogue. */
export type ToCatalogue =
  | { readonly kind: 'order'; readonly kiosk: string; readonly withheld: boolean }
  | { readonly kind: 'report-digests' };

/** Messages from the catalogue. */
export type FromCatalogue =
  | { readonly kind: 'ready' }
  /** From the order to its answer; whether it was carried out. */
  | { readonly kind: 'answered'; readonly kiosk: string; readonly tookMs: number; readonly isDone: boolean }
  | { readonly kind: 'digests'; readonly digests: JournalDigests };

/** The number of events of each kiosk, and a digest of them. */
export type JournalDigests = Readonly<Record<string, { readonly events: number; readonly digest: string }>>;

/** The digest of the events of one kiosk, to be compared with that of the other end. */
export function journalDigest(events: readonly RecordedEvent[]): JournalDigests[string] {
  const hash = createHash('sha256');
  for (const { position, at, trust, event } of events) {
    hash.update(JSON.stringify([position, at, trust, Object.entries(event).sort()]));
  }
  return { events: events.length, digest: hash.digest('base64') };
}
