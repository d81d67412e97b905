import type { Event, WithheldReason } from '../../../../src/circulation/event.js';
import { lockerOf } from '../../../../src/circulation/ledger.js';
import { unreachable } from '../../../../src/kernel/assert.js';
import type { LockerNo, VisitNo } from '../../../../src/kernel/ids.js';
import { partOf } from '../book-keeping.js';
import { check } from '../check-kind.js';
import type { World } from '../world.js';

/** What the core believes of doors is what the boards reported, no more: without a report it is unknown. */
export const doorNeverGuessed = check('door-never-guessed', [9], ({ reports, actors }, fail) => ({
  stepped({ doors, chattering }) {
    for (const locker of actors.lockers) {
      const believed = doors.get(locker) ?? 'unknown';
      if (believed !== reports.door(locker))
        fail(`door ${locker} is taken for ${believed} and was reported as ${reports.door(locker)}`);
      if (chattering.has(locker) !== reports.chattering.has(locker))
        fail(`whether door ${locker} chatters is made up`);
    }
  },
}));

/** One lock at a time, for the visit at hand, and nobody else's door is waited for meanwhile. */
export const oneDoorAtATime = check('one-door-at-a-time', [2], ({ reports }, fail) => ({
  decided({ before, decision: { state, events, effects } }) {
    const [effect] = effects;
    if (effects.length > 1) fail(`${effects.length} effects at once`);
    if (effect?.kind !== 'unlock') return;
    const { visit } = state;
    if (visit.kind !== 'opening' || visit.locker !== effect.locker || visit.visit !== effect.visit)
      fail(`locker ${effect.locker} is released, and the visit at hand is ${visit.kind}`);
    const { visit: last } = before;
    if ((last.kind !== 'opening' && last.kind !== 'open') || last.visit === effect.visit) return;
    // A door that nobody knows anything of any more is not waited for.
    if (reports.door(last.locker) === 'unknown') return;
    const isOver = events.some(
      (each) => 'visit' in each && each.visit === last.visit && partOf(each) === 'end',
    );
    if (!isOver) fail(`locker ${effect.locker} is released while visit ${last.visit} is ${last.kind}`);
  },
}));

/** Only a lock whose door was reported shut, and that is not in doubt, is released. */
export const onlySureDoors = check('only-sure-doors', [8, 9], ({ reports, machine }, fail) => ({
  unlocking({ locker }) {
    if (reports.door(locker) !== 'closed')
      fail(`locker ${locker} is released, its door is ${reports.door(locker)}`);
    const { withheld, intent } = lockerOf(machine.program.journal.load(), locker);
    // Staff may look behind a door that is kept for them.
    if (withheld !== null && intent?.purpose !== 'access')
      fail(`locker ${locker} is released and withheld: ${withheld}`);
  },
}));

/** By then a board has reported an opening, and a sensor what is inside. */
const reportedByMs = 100;

/** Whether something happened at a locker since `sinceMs` that keeps the kiosk from knowing. */
function isTroubled({ cabinet, machine }: World, locker: LockerNo, sinceMs: number): boolean {
  const since = Math.max(cabinet.troubledMs(locker), machine.program.startedMs);
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
export const noFalseAlarm = check('no-false-alarm', [8], (world, fail) => ({
  recording(events) {
    for (const event of events) {
      if (event.type !== 'locker-withheld') continue;
      const why = falseAlarm(world, event.locker, event.reason, events);
      if (why !== null) fail(`locker ${event.locker} is withheld, ${event.reason}: ${why}`);
    }
  },
}));

/** Every real opening of a door is recorded: as an opening, or as a doubt about its locker. */
export const noOpeningUnnoticed = check('no-opening-unnoticed', [1, 8], ({ truth }, fail) => ({
  atRest() {
    for (const [locker, { isReported, isHidden, mustBeNoticed, atMs }] of truth.openings) {
      const isDoubted = (truth.doubtedMs.get(locker) ?? Number.NEGATIVE_INFINITY) >= atMs;
      if (!isReported && !isHidden && mustBeNoticed && !isDoubted)
        fail(`the door of locker ${locker} opened at ${atMs} ms and nobody knows`);
    }
  },
}));

/**
 * Who gave up a door and went on to another may still open the first one: then she has two books, and the journal says so.
 * Such a visit begins in the same step in which its door opens.
 */
const isLate = (visit: VisitNo, events: readonly Event[]) =>
  events.some((each) => each.type === 'checkout-intended' && each.visit === visit);

/** A pass for one loan unlocks doors in one visit and lends once, also across a crash. */
export const oneLoanPerGrant = check('one-loan-per-grant', [6], (_world, fail) => {
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
});
