import type { Event, WithheldReason } from '../../../../src/circulation/event.js';
import { unreachable } from '../../../../src/kernel/assert.js';
import type { LockerNo, VisitNo } from '../../../../src/kernel/ids.js';
import type { CheckKind } from '../check-kind.js';
import type { World } from '../world.js';

/** By then a board has reported an opening, and a sensor what is inside. */
const reportedByMs = 100;

/** Whether something happened at a locker since `sinceMs` that keeps the kiosk from knowing. */
function isTroubled({ cabinet, machine }: World, locker: LockerNo, sinceMs: number): boolean {
  const since = Math.max(cabinet.troubledMs(locker), machine.life.bornMs);
  return since >= sinceMs;
}

/** Why a doubt is a false alarm; null when there was cause. */
function falseAlarm(
  world: World,
  locker: LockerNo,
  reason: WithheldReason,
  events: readonly Event[],
): string | null {
  const { truth, time } = world;
  const opening = truth.openings.get(locker);
  const lastMs = opening?.atMs ?? Number.NEGATIVE_INFINITY;
  switch (reason) {
    case 'outcome-unknown': {
      const began = Math.max(
        0,
        ...[...truth.visits.values()].filter((v) => v.locker === locker).map((v) => v.beganMs),
      );
      return isTroubled(world, locker, began) ? null : 'nothing kept the kiosk from knowing';
    }
    case 'did-not-open': {
      const isFresh = opening && !opening.isReported && lastMs < time.nowMs - reportedByMs && opening.isSeen;
      const began = Math.max(
        0,
        ...[...truth.visits.values()].filter((v) => v.locker === locker).map((v) => v.beganMs),
      );
      return isFresh && lastMs >= began && !isTroubled(world, locker, began) ? 'it did open' : null;
    }
    case 'door-forced':
      // Somebody opened it and the journal has not recorded it.
      if (world.cabinet.mutedMs(locker) >= lastMs) return null;
      return opening && !opening.isReported ? null : 'nobody opened it';
    case 'door-silent':
      return world.cabinet.mutedMs(locker) >= lastMs || opening?.isReported !== true
        ? null
        : 'its switch is good';
    case 'misplaced':
      return events.some((each) => each.type === 'item-returned')
        ? null
        : 'nothing was brought back elsewhere';
    case 'not-taken':
      return events.some((each) => each.type === 'checkout-undone') ? null : 'nobody said so';
    case 'emergency':
      return events.some((each) => each.type === 'access-completed') ? null : 'no emergency';
    case 'withdrawal':
      return events.some((each) => each.type === 'command-taken') ? null : 'nobody ordered it';
    case 'out-of-service':
      return null;
    default:
      return unreachable(reason);
  }
}

/** A locker is kept for staff only for cause: what is sound goes on being lent. */
export const noFalseAlarm: CheckKind = {
  name: 'no-false-alarm',
  promises: [8],
  create(world, fail) {
    return {
      recording(events) {
        for (const event of events) {
          if (event.type !== 'locker-withheld') continue;
          const why = falseAlarm(world, event.locker, event.reason, events);
          if (why !== null) fail(`locker ${event.locker} is withheld, ${event.reason}: ${why}`);
        }
      },
    };
  },
};

/** Every real opening of a door is recorded: as an opening, or as a doubt about its locker. */
export const noOpeningUnnoticed: CheckKind = {
  name: 'no-opening-unnoticed',
  promises: [1, 8],
  create({ truth }, fail) {
    return {
      atRest() {
        for (const [locker, { isReported, isHidden, isHeard, atMs }] of truth.openings) {
          const isDoubted = (truth.doubtedMs.get(locker) ?? Number.NEGATIVE_INFINITY) >= atMs;
          if (!isReported && !isHidden && isHeard && !isDoubted)
            fail(`the door of locker ${locker} opened at ${atMs} ms and nobody knows`);
        }
      },
    };
  },
};

/**
 * Who gave up a door and went on to another may still open the first one: then she has two books, and the journal says so.
 * Such a visit begins in the same step in which its door opens.
 */
const isLate = (visit: VisitNo, events: readonly Event[]) =>
  events.some((each) => each.type === 'checkout-intended' && each.visit === visit);

/** A pass for one loan unlocks doors in one visit and lends once, also across a crash. */
export const oneLoanPerGrant: CheckKind = {
  name: 'one-loan-per-grant',
  promises: [6],
  create(_world, fail) {
    const grants = new Set<string>();
    const passOf = new Map<VisitNo, string>();
    const used = new Set<string>();
    return {
      appended(events) {
        for (const event of events) {
          if (event.type === 'checkout-intended' && event.pass !== undefined) {
            passOf.set(event.visit, event.pass);
            if (event.singleUseUntil !== undefined) {
              if (grants.has(event.pass)) fail(`the one-loan pass ${event.pass} begins a second time`);
              grants.add(event.pass);
            }
          }
          if (event.type !== 'item-lent' || isLate(event.visit, events)) continue;
          const pass = passOf.get(event.visit);
          if (pass === undefined || !grants.has(pass)) continue;
          if (used.has(pass)) fail(`the one-loan pass ${pass} lends twice`);
          used.add(pass);
        }
      },
    };
  },
};
