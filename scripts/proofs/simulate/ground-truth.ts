import type { CancelReason, Event, StaffTask } from '../../../src/circulation/event.js';
import { itemMoveOf } from '../../../src/circulation/item-moves.js';
import type { ItemId, LockerNo, PatronId, VisitNo } from '../../../src/kernel/ids.js';
import { limits } from '../../../src/kernel/limits.js';
import type { LockerModel } from './board-model.js';
import { partOf } from './book-keeping.js';

/** One intent of the journal beside what really came of it. */
export interface VisitTruth {
  readonly visit: VisitNo;
  readonly purpose: 'checkout' | 'checkin' | StaffTask;
  readonly locker: LockerNo;
  readonly item: ItemId | null;
  readonly patron: PatronId | null;
  readonly beganMs: number;
  /** What the journal says of its end; null while it says nothing. */
  end: 'done' | CancelReason | null;
  endedMs: number;
}

/** One real opening of a door. */
export interface Opening {
  readonly atMs: number;
  /** Whether its board saw it and will remember it, as it does of the lock it pulsed last. */
  readonly isSeen: boolean;
  /** Whose visit it was, as far as anybody could say; null for nobody’s. */
  readonly visit: VisitTruth | null;
  /** Nobody could see it: the switch says that it is shut, and no sensor sees what is inside. */
  isHidden: boolean;
  /** Its switch was bad: only the program could know of it, by what it saw before and after. */
  readonly isUncertain: boolean;
  /** It was reported to the program, which had to take notice: the locker was in use, and its latch had caught before. */
  mustBeNoticed: boolean;
  /** Whether the journal has recorded it. */
  isReported: boolean;
}

/** What the journal must say of a book in the end, after all that was done with it by the rules. */
export type Duty =
  | { readonly kind: 'stands'; readonly locker: LockerNo; readonly sinceMs: number }
  | { readonly kind: 'lent'; readonly patron: PatronId; readonly locker: LockerNo; readonly sinceMs: number }
  /** Staff took it away. */
  | { readonly kind: 'away'; readonly locker: LockerNo; readonly sinceMs: number }
  /** Somebody did what nobody can see; the journal may say anything of this book until it is handled by the rules again. */
  | { readonly kind: 'unsure' };

/** What is done at the door of a visit, by the rules. */
export function aimOf({ purpose }: VisitTruth): 'take' | 'put' | 'look' {
  if (purpose === 'checkout' || purpose === 'withdraw') return 'take';
  return purpose === 'checkin' || purpose === 'restock' ? 'put' : 'look';
}

/** What the oracle asks of the world. */
export interface GroundTruthParts {
  nowMs(): number;
  inside(locker: LockerNo): readonly ItemId[];
  /** For how long the program and the board of a locker have been connected; 0: they are not. */
  connectedMs(locker: LockerNo): number;
  /** Whether changes of a door’s switch are reported to the program at once. */
  reportsDoor(locker: LockerModel): boolean;
}

/** The independent oracle: who holds which book and which doors opened, from hands and steel and not from the core. */
export class GroundTruth {
  readonly visits = new Map<VisitNo, VisitTruth>();
  readonly duties = new Map<ItemId, Duty>();
  readonly openings = new Map<LockerNo, Opening>();
  /** When each locker was last withheld or a visit there declared unknown. */
  readonly doubtedMs = new Map<LockerNo, number>();
  readonly #shutMs = new Map<LockerNo, number>();
  readonly #restoredMs = new Map<LockerNo, number>();
  readonly #withheld = new Set<LockerNo>();
  readonly #underWay = new Map<LockerNo, VisitTruth>();

  constructor(private readonly parts: GroundTruthParts) {}

  record(event: Event): void {
    if (event.type === 'locker-withheld') {
      this.#doubt(event.locker);
      this.#withheld.add(event.locker);
    }
    if (event.type === 'locker-restored') this.#restored(event.locker);
    if (event.type === 'loan-closed') this.#away(event.item);
    if (!('locker' in event)) return;
    if ('visit' in event) this.#recordVisit(event);
    const moving = itemMoveOf(event);
    // What is said of these was seen by staff, or by who stands there, and may be wrong.
    if (
      moving?.type === 'item-counted' ||
      moving?.type === 'checkout-undone' ||
      moving?.type === 'item-stocked'
    )
      this.#stated(moving.locker, moving.item);
  }

  #recordVisit(event: Extract<Event, { readonly visit: VisitNo; readonly locker: LockerNo }>): void {
    const part = partOf(event);
    if (part === 'begin') this.#begin(event);
    if (part === 'opened') this.#markReported(event.locker);
    if (part !== 'end') return;
    const visit = this.visits.get(event.visit);
    this.#underWay.delete(event.locker);
    if (!visit) return;
    visit.end = 'reason' in event ? event.reason : 'done';
    visit.endedMs = this.parts.nowMs();
    if (visit.end === 'outcome-unknown') this.#doubt(event.locker);
  }

  #begin(event: Extract<Event, { readonly visit: VisitNo; readonly locker: LockerNo }>): void {
    const { visit, locker } = event;
    const truth: VisitTruth = {
      visit,
      locker,
      purpose:
        event.type === 'access-intended'
          ? event.task
          : event.type === 'checkin-intended'
            ? 'checkin'
            : 'checkout',
      item: 'item' in event ? event.item : null,
      patron: 'patron' in event ? event.patron : null,
      beganMs: this.parts.nowMs(),
      end: null,
      endedMs: Number.POSITIVE_INFINITY,
    };
    this.visits.set(visit, truth);
    this.#underWay.set(locker, truth);
  }

  #markReported(locker: LockerNo): void {
    const opening = this.openings.get(locker);
    if (opening) opening.isReported = true;
  }

  #doubt(locker: LockerNo): void {
    this.doubtedMs.set(locker, this.parts.nowMs());
  }

  /** Staff want a locker in use again, whether they looked behind its door or not. */
  #restored(locker: LockerNo): void {
    this.#withheld.delete(locker);
    this.#restoredMs.set(locker, this.parts.nowMs());
    const opening = this.openings.get(locker);
    if (opening && !opening.isReported) this.#lose(opening);
  }

  /** Nobody will learn of this opening any more. */
  #lose(opening: Opening): void {
    opening.isHidden = true;
    if (opening.visit?.item) this.unsure(opening.visit.item);
  }

  #stated(locker: LockerNo, item: ItemId | null): void {
    const inside = this.parts.inside(locker);
    for (const [other, duty] of this.duties)
      if (duty.kind === 'stands' && duty.locker === locker && other !== item) this.unsure(other);
    if (item === null) return;
    if (inside.length === 1 && inside[0] === item) this.stands(item, locker);
    else this.unsure(item);
  }

  /** The visit that is under way at a locker, as the journal has it; else the one its latch was released for. */
  visitAt({ no, freedFor }: LockerModel): VisitTruth | null {
    return this.#underWay.get(no) ?? (freedFor === null ? null : (this.visits.get(freedFor) ?? null));
  }

  opened(locker: LockerModel, how: 'freed' | 'forced', isSeen: boolean): void {
    const visit = this.visitAt(locker);
    const isNobodys = how === 'forced' && visit?.end !== null;
    // Staff will look there, whatever happens until then.
    if (this.#withheld.has(locker.no)) this.#doubt(locker.no);
    // What happens after a visit is over, while program and board are not connected, only the board can remember.
    const isOrphan =
      visit !== null && this.parts.connectedMs(locker.no) === 0 && this.#isForgotten(visit, isSeen);
    const isHidden = isOrphan || this.#isUnseen(locker, visit);
    this.openings.set(locker.no, {
      atMs: this.parts.nowMs(),
      isSeen,
      isHidden,
      mustBeNoticed: this.#isNews(locker),
      isUncertain: locker.doorSwitch !== 'good',
      visit: isNobodys ? null : visit,
      isReported: false,
    });
  }

  #isNews(locker: LockerModel): boolean {
    const isCaught = this.parts.nowMs() - (this.#shutMs.get(locker.no) ?? 0) > limits.latchCatchMs + 100;
    return isCaught && !this.#withheld.has(locker.no) && this.parts.reportsDoor(locker);
  }

  /** With a bad switch only the program can conclude that a door opened: from its sensor, or from what it knew before. */
  #isUnseen({ no, doorSwitch, sensor }: LockerModel, visit: VisitTruth | null): boolean {
    if (doorSwitch === 'good') return false;
    const calmMs = Math.min(this.parts.connectedMs(no), this.parts.nowMs() - (this.#shutMs.get(no) ?? 0));
    if (doorSwitch === 'chattering') return calmMs === 0 || visit?.end !== null;
    return sensor !== 'good' || calmMs < 2 * limits.itemSettleMs;
  }

  /** Whether nobody but the program that ended a visit could connect it with its door. */
  #isForgotten({ end, endedMs, locker }: VisitTruth, isSeen: boolean): boolean {
    if (end === null) return false;
    // A door that is on record as missed, and that its board saw open after the pulse, is noticed by the next program.
    const isMissed = end === 'never-opened' && endedMs > (this.#restoredMs.get(locker) ?? 0);
    return !isMissed || !isSeen;
  }

  /** A board has lost its memory with its supply. */
  memoryLost(lockers: readonly LockerModel[]): void {
    for (const { no } of lockers) {
      const opening = this.openings.get(no);
      if (opening?.visit && opening.visit.end !== null && !opening.isReported) this.#lose(opening);
    }
  }

  /** The line of these lockers is gone; reports that were about to be sent are lost. */
  lineLost(lockers: readonly LockerModel[]): void {
    for (const { no } of lockers) {
      const opening = this.openings.get(no);
      if (opening && opening.atMs > this.parts.nowMs() - 100) opening.mustBeNoticed = false;
    }
  }

  /** The visit at an open door, as far as it can be known: a sensor sees only whether there is a book, not which. */
  #seenVisit(locker: LockerNo, booksAfter: number): VisitTruth | null {
    const opening = this.openings.get(locker);
    if (!opening || opening.isHidden) return null;
    return opening.isUncertain && this.parts.inside(locker).length !== booksAfter ? null : opening.visit;
  }

  /** The program is gone, and with it what only it knew of visits that are over. */
  programDied(): void {
    for (const opening of this.openings.values()) {
      const { visit, isReported } = opening;
      if (opening.atMs > this.parts.nowMs() - 100) opening.mustBeNoticed = false;
      if (isReported || !visit) continue;
      if (opening.isUncertain || this.#isForgotten(visit, opening.isSeen)) this.#lose(opening);
    }
  }

  taken(locker: LockerNo, item: ItemId): void {
    const visit = this.#seenVisit(locker, 0);
    const sinceMs = this.openings.get(locker)?.atMs ?? 0;
    if (!visit || aimOf(visit) !== 'take' || visit.item !== item) this.unsure(item);
    else if (visit.patron === null) this.duties.set(item, { kind: 'away', locker, sinceMs });
    else this.duties.set(item, { kind: 'lent', patron: visit.patron, locker, sinceMs });
  }

  put(locker: LockerNo, item: ItemId): void {
    const visit = this.#seenVisit(locker, 1);
    if (visit && aimOf(visit) === 'put' && visit.item === item) this.stands(item, locker);
    else this.unsure(item);
  }

  /** A door was shut on `inside`: what its visit was for may not have been done. */
  shut(locker: LockerNo, inside: readonly ItemId[]): void {
    this.#shutMs.set(locker, this.parts.nowMs());
    const visit = this.openings.get(locker)?.visit;
    if (!visit || visit.item === null || aimOf(visit) === 'look') return;
    if ((aimOf(visit) === 'take') === inside.includes(visit.item)) this.unsure(visit.item);
  }

  /** A book is certainly behind this door, put there when it was opened last. */
  stands(item: ItemId, locker: LockerNo): void {
    this.duties.set(item, { kind: 'stands', locker, sinceMs: this.openings.get(locker)?.atMs ?? 0 });
  }

  /** A book that was on loan is not any more. */
  #away(item: ItemId): void {
    const duty = this.duties.get(item);
    if (duty?.kind === 'lent') this.duties.set(item, { ...duty, kind: 'away', sinceMs: this.parts.nowMs() });
    else this.unsure(item);
  }

  /** Staff looked behind a door: what happened there before is known and over. */
  looked(locker: LockerNo): void {
    this.#markReported(locker);
  }

  unsure(item: ItemId): void {
    this.duties.set(item, { kind: 'unsure' });
  }
}
