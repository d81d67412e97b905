import type { Config } from '../config/config.js';
import { readPayload } from '../contract/payload.js';
import {
  type Answers,
  type Request,
  type RequestName,
  type Response,
  requestNames,
  requestSchema,
} from '../contract/request-messages.js';
import type { FaultCode } from '../kernel/faults.js';
import { limits } from '../kernel/limits.js';
import type { Log } from '../kernel/log.js';
import { RateLimiter } from '../kernel/rate-limiter.js';
import type { ElapsedMs } from '../kernel/time.js';
import type { LogTail } from '../machine/log-tail.js';
import { alertsOfKiosk, healthOf, type KioskFacts } from './health.js';

/** What questions are answered from. */
export interface RequestParts {
  readonly config: Pick<Config, 'street' | 'cabinet'>;
  readonly log: Log;
  readonly tail: Pick<LogTail, 'lines'>;
  facts(): KioskFacts;
  /** How many pages show the screen. */
  pages(): number;
  identify(): void;
  /** Writes to the journal’s medium, and says what is wrong with it; null where nothing is. */
  probeJournal(): FaultCode | null;
}

/**
 * Makes the function that answers what anybody on the broker asks: returns the response, or null to a request whose name is
 * unknown. Nothing it does moves a lock.
 */
export function createRequests(parts: RequestParts): (name: string, payload: Uint8Array) => Response | null {
  const { log, facts } = parts;
  const recent = new RateLimiter<ElapsedMs>(limits.requestsPerSecond, 1_000);
  return (name, payload) => {
    const known = requestNames.find((each) => each === name);
    // Where a topic has any other name, nobody would listen for an answer.
    if (!known) {
      log.debug({ bytes: payload.length }, 'unknown request dropped');
      return null;
    }
    const request = payload.length === 0 ? {} : readPayload(requestSchema, payload);
    const { elapsedMs } = facts().moment;
    const isBusy = !recent.tryAdd('anybody', elapsedMs);
    return responseTo(known, request, isBusy, parts);
  };
}

function responseTo(
  name: RequestName,
  request: Request | undefined,
  isBusy: boolean,
  parts: RequestParts,
): Response {
  const { transaction } = request ?? {};
  const to = transaction === undefined ? {} : { transaction };
  if (isBusy) return { ...to, status: 'error', error: 'busy' };
  if (!request) return { ...to, status: 'error', error: 'unreadable' };
  return { ...to, status: 'ok', data: answers[name](parts, request) };
}

type Answering = { readonly [Name in RequestName]: (parts: RequestParts, request: Request) => Answers[Name] };

const answers: Answering = {
  report: ({ config, facts, pages }) => ({
    health: healthOf(facts()),
    street: config.street,
    boards: config.cabinet.boards.map(({ board, kind }) => `${board} ${kind}`),
    pagesOpen: pages(),
  }),
  doors: ({ facts }) => ({ lockers: healthOf(facts()).lockers }),
  position({ facts }) {
    const { epoch, position, sentMark } = facts().journal;
    return { epoch, position, sentMark };
  },
  logs: ({ tail }, { lines = 50 }) => ({ lines: tail.lines(lines) }),
  identify({ identify }) {
    identify();
    return { seconds: limits.identifyMs / 1_000 };
  },
  'self-test': (parts) => ({ checks: selfTest(parts) }),
};

/** Each part, and what is wrong with it. */
function selfTest({ facts, pages, probeJournal }: RequestParts): Answers['self-test']['checks'] {
  const journal = probeJournal();
  const now = facts();
  const alerts = alertsOfKiosk(now);
  const codeOf = (code: FaultCode): FaultCode | null =>
    alerts.some((alert) => alert.code === code) ? code : null;
  const check = (part: string, code: FaultCode | null) => ({ part, ok: code === null, code });
  return [
    check('journal', journal),
    ...healthOf(now).boards.map(({ board, state }) =>
      check(`board ${board}`, state === 'ready' ? null : 'board.lost'),
    ),
    check('reader', codeOf('reader.lost')),
    check('screen', pages() > 0 ? null : 'screen.nobody-looks'),
    check('clock', codeOf('clock.in-doubt')),
    check('disk', codeOf('machine.disk-full')),
    check('supply', codeOf('machine.under-voltage')),
    ...now.state.lockers.map((locker) =>
      check(`locker ${locker}`, alerts.find((alert) => alert.locker === locker)?.code ?? null),
    ),
  ];
}
