import type { BookRequest, CabinetSnapshot, DoorRequest, HandResult, ScanRequest } from '../snapshot.js';
import { refusals, type Words, words } from './words.js';

const retryMs = 1_500;

/** Follows the cabinet for ever; `onLost` tells when its program stops and starts answering. */
export function follow(
  onSnapshot: (snapshot: CabinetSnapshot) => void,
  onLost: (lost: boolean) => void,
): void {
  const source = new EventSource('/api/live');
  source.addEventListener('message', (event: MessageEvent<string>) => {
    onLost(false);
    onSnapshot(JSON.parse(event.data) as CabinetSnapshot);
  });
  source.addEventListener('error', () => {
    source.close();
    onLost(true);
    setTimeout(() => follow(onSnapshot, onLost), retryMs);
  });
}

/** What a hand does; resolves to null when it worked, else to the reason in words. */
export const hands = {
  door: (request: DoorRequest) => act('/api/door', request),
  book: (request: BookRequest) => act('/api/book', request),
  scan: (request: ScanRequest) => act('/api/scan', request),
};

async function act(path: string, request: DoorRequest | BookRequest | ScanRequest): Promise<Words | null> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    if (!response.ok) return words.unreachable;
    const result = (await response.json()) as HandResult;
    return result.ok ? null : refusals[result.reason];
  } catch (error) {
    if (error instanceof TypeError) return words.unreachable;
    throw error;
  }
}
