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
import { alertsOfKiosk, type HealthInputs, healthOf } from './health.js';

/** The parts that requests are answered from. */
export interface RequestParts {
  readonly config: Pick<Config, 'street' | 'cabinet'>;
  readonly log: Log;
  readonly tail: Pick<LogTail, 'lines'>;
  healthInputs(): HealthInputs;
  /** How many pages show the screen. */
  pages(): number;
  identify(): void;
  /** Writes to the journal’s medium; returns the code of the fault, or null. */
  probeJournal(): FaultCode | null;
}

/**
 * Makes the handler of requests, which any client of the broker may send: it returns the response, or null where the name
 * is unknown. No request moves a lock.
 */
export function createRequestHandler(
  parts: RequestParts,
): (name: string, payload: Uint8Array) => Response | null {
  const { log, healthInputs } = parts;
  const rate = new RateLimiter<ElapsedMs>(limits.requestsPerSecond, 1_000);
  return (name, payload) => {
    const known = requestNames.find((each) => each === name);
    // An unknown name has no response topic that anybody subscribes to.
    if (!known) {
      log.debug({ bytes: payload.length }, 'unknown request dropped');
      return null;
    }
    const request = payload.length === 0 ? {} : readPayload(requestSchema, payload);
    const { elapsedMs } = healthInputs().moment;
    const isBusy = !rate.tryAdd('anybody', elapsedMs);
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
  return { ...to, status: 'ok', data: handlers[name](parts, request) };
}

type RequestHandlers = {
  readonly [Name in RequestName]: (parts: RequestParts, request: Request) => Answers[Name];
};

const handlers: RequestHandlers = {
  report: ({ config, healthInputs, pages }) => ({
    health: healthOf(healthInputs()),
    street: config.street,
    boards: config.cabinet.boards.map(({ board, kind }) => `${board} ${kind}`),
    pagesOpen: pages(),
  }),
  doors: ({ healthInputs }) => ({ lockers: healthOf(healthInputs()).lockers }),
  position({ healthInputs }) {
    const { epoch, position, sentMark } = healthInputs().journal;
    return { epoch, position, sentMark };
  },
  logs: ({ tail }, { lines = 50 }) => ({ lines: tail.lines(lines) }),
  identify({ identify }) {
    identify();
    return { seconds: limits.identifyMs / 1_000 };
  },
  'self-test': (parts) => ({ checks: selfTest(parts) }),
};

/** Checks each part; `code` is its fault. */
function selfTest({ healthInputs, pages, probeJournal }: RequestParts): Answers['self-test']['checks'] {
  const journal = probeJournal();
  const inputs = healthInputs();
  const alerts = alertsOfKiosk(inputs);
  const codeOf = (code: FaultCode): FaultCode | null =>
    alerts.some((alert) => alert.code === code) ? code : null;
  const check = (part: string, code: FaultCode | null) => ({ part, ok: code === null, code });
  return [
    check('journal', journal),
    ...healthOf(inputs).boards.map(({ board, state }) =>
      check(`board ${board}`, state === 'ready' ? null : 'board.lost'),
    ),
    check('reader', codeOf('reader.lost')),
    check('screen', pages() > 0 ? null : 'screen.nobody-looks'),
    check('clock', codeOf('clock.in-doubt')),
    check('disk', codeOf('machine.disk-full')),
    check('supply', codeOf('machine.under-voltage')),
    ...inputs.state.lockers.map((locker) =>
      check(`locker ${locker}`, alerts.find((alert) => alert.locker === locker)?.code ?? null),
    ),
  ];
}
