import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../../../src/circulation/event.js';
import type { Stories } from './messages.js';

/** The events of one kiosk in a few characters, to be compared with what the other end has. */
export function storyOf(events: readonly RecordedEvent[]): Stories[string] {
  const hash = createHash('sha256');
  for (const { position, at, trust, event } of events) {
    hash.update(JSON.stringify([position, at, trust, Object.entries(event).sort()]));
  }
  return { events: events.length, digest: hash.digest('base64') };
}
