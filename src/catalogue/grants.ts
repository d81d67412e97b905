import { randomBytes } from 'node:crypto';
import type { Event } from '../circulation/event.js';
import {
  type ItemId,
  type KioskId,
  type LockerNo,
  type PassId,
  type PatronId,
  passId,
} from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { after, type EpochMs, milliseconds } from '../kernel/time.js';
import type { PassClaims } from '../passes/claims.js';
import type { Connection } from './database.js';
import type { Orders } from './orders.js';
import type { Queries } from './queries.js';

/** One loan that the catalogue permits: of `item`, or (null) of a book she chooses there. */
export interface GrantRequest {
  readonly patron: PatronId;
  readonly kiosk: KioskId;
  readonly item: ItemId | null;
}

/**
 * The stage of a grant. `given`: the kiosk has not answered; `accepted`: the patron is choosing; `refused` and `cancelled`:
 * nothing was lent, for `reason`; `unlocked`: the door can be opened; `lent`: it was opened; `closed`: and shut again;
 * `undone`: the patron reported that the item was not taken; `over`: expired without a loan.
 */
export type GrantStage =
  | 'given'
  | 'accepted'
  | 'refused'
  | 'unlocked'
  | 'lent'
  | 'closed'
  | 'cancelled'
  | 'undone'
  | 'over';

/** The status of a grant, by the kiosk's answer and its journal. */
export interface GrantStatus extends GrantRequest {
  readonly at: EpochMs;
  readonly until: EpochMs;
  readonly stage: GrantStage;
  /** Whether the grant was sent to the kiosk as a command; otherwise the resident's phone shows it to the reader. */
  readonly isSent: boolean;
  readonly reason: string | null;
  /** The door that was unlocked, and the item behind it. */
  readonly locker: LockerNo | null;
  readonly found: ItemId | null;
  readonly dueAt: EpochMs | null;
}

/** Permissions for one loan each, given to phones. A grant opens one door once, by either way of delivery. */
export interface Grants {
  /** Permits a loan to a patron whose presence is proven, and sends it to the kiosk as a command. */
  sendGrant(wanted: GrantRequest): PassId;
  /** Permits a loan to the bearer of its text, shown to the kiosk's reader. */
  makeGrant(wanted: GrantRequest): PassId;
  /** The pass for the reader, valid as long as the grant; null for a grant of another patron. */
  grantText(pass: PassId, patron: PatronId): string | null;
  /** Null for a grant of another patron. */
  grantStatus(pass: PassId, patron: PatronId): GrantStatus | null;
  /** The patron's newest grant for the same request, if it is recent and can still lead to a loan. */
  sameGrant(wanted: GrantRequest): PassId | null;
}

/** What grants need of the rest of the catalogue. */
export interface GrantParts {
  readonly db: Connection;
  nowMs(): EpochMs;
  readonly orders: Pick<Orders, 'order'>;
  readonly queries: Pick<Queries, 'ageOf'>;
  sign(claims: PassClaims): string;
}

type Row = Omit<GrantStatus, 'stage' | 'isSent'> & {
  readonly stage: 'given' | 'unlocked' | 'lent' | 'closed' | 'cancelled' | 'undone';
  readonly isSent: number;
  readonly answer: 'accepted' | 'refused' | 'done' | null;
  readonly refusal: string | null;
};

const life = milliseconds(limits.phoneGrantMs);

/** Creates the grants on a database. */
export function prepareGrants({ db, nowMs, orders, queries, sign }: GrantParts): Grants {
  const put = db.prepare<[string, string, string, string | null, number, number]>(
    'INSERT INTO granted (pass, kiosk, patron, item, at, until) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const forget = db.prepare<[number]>('DELETE FROM granted WHERE at < ?');
  const one = db.prepare<[string, string], Row>(
    `SELECT granted.kiosk, patron, granted.item, at, until, stage, granted.locker, found, granted.due_at AS dueAt,
       granted.reason, command IS NOT NULL AS isSent, answer, command.reason AS refusal
     FROM granted LEFT JOIN command ON command = pass WHERE pass = ? AND patron = ?`,
  );
  const same = db
    .prepare<[string, string, string | null, number], PassId>(
      'SELECT pass FROM granted WHERE patron = ? AND kiosk = ? AND item IS ? AND at > ? ORDER BY at DESC LIMIT 1',
    )
    .pluck();
  const keep = (pass: PassId, { patron, kiosk, item }: GrantRequest): PassId => {
    const at = nowMs();
    forget.run(at - limits.phoneGrantKeepMs);
    put.run(pass, kiosk, patron, item, at, after(at, life));
    return pass;
  };
  const statusOf: Grants['grantStatus'] = (pass, patron) => {
    const row = one.get(pass, patron);
    if (!row) return null;
    const { answer, refusal, isSent, ...known } = row;
    const stage = stageOf(row, nowMs());
    return { ...known, stage, isSent: isSent === 1, reason: stage === 'refused' ? refusal : known.reason };
  };
  return {
    sendGrant(wanted) {
      const { patron, kiosk, item } = wanted;
      const order = { kind: 'lend', patron, age: queries.ageOf(patron), item } as const;
      return keep(passId(orders.order(kiosk, order, milliseconds(limits.phoneOrderMs))), wanted);
    },
    makeGrant: (wanted) => keep(passId(randomBytes(8).toString('hex')), wanted),
    grantText(pass, patron) {
      const row = one.get(pass, patron);
      if (!row || row.until <= nowMs()) return null;
      const { kiosk, item, at: validFrom, until: validUntil } = row;
      const age = queries.ageOf(patron);
      return sign({ kind: 'grant', pass, age, patron, kiosk, item, validFrom, validUntil });
    },
    grantStatus: statusOf,
    sameGrant({ patron, kiosk, item }) {
      const pass = same.get(patron, kiosk, item, nowMs() - limits.phoneRepeatMs) ?? null;
      const stage = pass && statusOf(pass, patron)?.stage;
      return stage === 'given' || stage === 'accepted' || stage === 'unlocked' ? pass : null;
    },
  };
}

/** The journal's stage counts; before there is one, the answer to the command. */
function stageOf({ stage, answer, until }: Row, now: EpochMs): GrantStage {
  if (stage !== 'given') return stage;
  if (answer === 'refused') return 'refused';
  if (until <= now) return 'over';
  return answer === null ? 'given' : 'accepted';
}

/** Creates the function that updates grants from a kiosk’s events. */
export function prepareGrantUpdates(db: Connection): (kiosk: KioskId, event: Event) => void {
  // A door that did not open may be followed by another one.
  const unlocked = db.prepare<[number, string, number, string, string]>(
    `UPDATE granted SET stage = 'unlocked', locker = ?, found = ?, visit = ?, reason = NULL
     WHERE pass = ? AND kiosk = ? AND stage IN ('given', 'cancelled')`,
  );
  const lent = db.prepare<[number, string, number]>(
    "UPDATE granted SET stage = 'lent', due_at = ? WHERE kiosk = ? AND visit = ? AND stage = 'unlocked'",
  );
  const closed = db.prepare<[string, number]>(
    "UPDATE granted SET stage = 'closed' WHERE kiosk = ? AND visit = ? AND stage = 'lent'",
  );
  const cancelled = db.prepare<[string, string, number]>(
    "UPDATE granted SET stage = 'cancelled', reason = ? WHERE kiosk = ? AND visit = ? AND stage = 'unlocked'",
  );
  const undone = db.prepare<[string, number]>(
    "UPDATE granted SET stage = 'undone' WHERE kiosk = ? AND visit = ? AND stage IN ('lent', 'closed')",
  );
  return (kiosk, event) => {
    switch (event.type) {
      case 'checkout-intended':
        if (event.pass) unlocked.run(event.locker, event.item, event.visit, event.pass, kiosk);
        return;
      case 'item-lent':
        lent.run(event.dueAt, kiosk, event.visit);
        return;
      case 'checkout-completed':
        if (event.door === 'closed') closed.run(kiosk, event.visit);
        return;
      case 'checkout-cancelled':
        cancelled.run(event.reason, kiosk, event.visit);
        return;
      case 'checkout-undone':
        undone.run(kiosk, event.visit);
        return;
      default:
    }
  };
}
