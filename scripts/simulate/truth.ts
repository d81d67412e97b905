import type { Event } from '../../src/circulation/event.js';
import { unreachable } from '../../src/kernel/assert.js';
import type { ItemId, LockerNo, PatronId, VisitNo } from '../../src/kernel/ids.js';
import type { LockerModel } from './locker-model.js';

/** One intent of the journal beside what really came of it. */
export interface VisitTruth {
  readonly visit: VisitNo;
  readonly purpose: 'checkout' | 'checkin';
  readonly locker: LockerNo;
  readonly item: ItemId;
  readonly patron: PatronId | null;
  readonly beganMs: number;
  /** What the journal says of its end; null while it says nothing. */
  end: 'done' | 'never-opened' | 'lock-refused' | 'interrupted' | 'outcome-unknown' | null;
}

/** One real opening of a door. */
export interface Opening {
  readonly atMs: number;
  /** Whose visit it was, as far as anybody could say; null for nobody’s. */
  readonly visit: VisitTruth | null;
  /** Whether the journal has told of it: as an opening, or as a doubt about its locker. */
  isTold: boolean;
}

/** What the journal must say of a book in the end, after all that was done with it by the rules. */
export type Duty =
  | { readonly kind: 'stands'; readonly locker: LockerNo; readonly sinceMs: number }
  | { readonly kind: 'lent'; readonly patron: PatronId; readonly locker: LockerNo; readonly sinceMs: number }
  /** Somebody did what nobody can see; the journal may say anything of this book until it is handled by the rules again. */
  | { readonly kind: 'unsure' };

/** The independent oracle: who holds which book and which doors opened, from hands and steel and not from the core. */
export class Truth {
  readonly visits = new Map<VisitNo, VisitTruth>();
  readonly duties = new Map<ItemId, Duty>();
  /** The last real opening of each door. */
  readonly openings = new Map<LockerNo, Opening>();
  /** When each locker was last withheld or a visit there declared unknown. */
  readonly doubtedMs = new Map<LockerNo, number>();

  constructor(private readonly nowMs: () => number) {}

  /** The journal says something new. */
  hear(event: Event): void {
    switch (event.type) {
      case 'item-stocked':
        this.stands(event.item, event.locker);
        return;
      case 'checkout-intended':
        this.#begin({ ...event, purpose: 'checkout' });
        return;
      case 'checkin-intended':
        this.#begin({ ...event, purpose: 'checkin', patron: null });
        return;
      case 'item-lent':
      case 'checkin-opened':
        this.#tell(event.locker);
        return;
      case 'checkout-completed':
      case 'item-returned':
        this.#end(event.visit, 'done');
        return;
      case 'checkout-cancelled':
      case 'checkin-cancelled':
        this.#end(event.visit, event.reason);
        if (event.reason === 'outcome-unknown') this.#doubt(event.locker);
        return;
      case 'locker-withheld':
        this.#doubt(event.locker);
        return;
      case 'locker-restored':
        return;
      default:
        unreachable(event);
    }
  }

  #begin(visit: Pick<VisitTruth, 'visit' | 'purpose' | 'locker' | 'item' | 'patron'>): void {
    const { purpose, locker, item, patron } = visit;
    this.visits.set(visit.visit, {
      visit: visit.visit,
      purpose,
      locker,
      item,
      patron,
      beganMs: this.nowMs(),
      end: null,
    });
  }

  #end(visit: VisitNo, end: VisitTruth['end']): void {
    const found = this.visits.get(visit);
    if (found) found.end = end;
  }

  #tell(locker: LockerNo): void {
    const opening = this.openings.get(locker);
    if (opening) opening.isTold = true;
  }

  #doubt(locker: LockerNo): void {
    this.#tell(locker);
    this.doubtedMs.set(locker, this.nowMs());
  }

  /** The visit that is under way at a locker, as the journal has it; else the one its latch was released for. */
  visitAt({ no, freedFor }: LockerModel): VisitTruth | null {
    for (const visit of this.visits.values()) if (visit.locker === no && visit.end === null) return visit;
    return (freedFor !== null && this.visits.get(freedFor)) || null;
  }

  /** A door really opened. */
  opened(locker: LockerModel, how: 'freed' | 'forced'): void {
    const visit = this.visitAt(locker);
    const isNobodys = how === 'forced' && visit?.end !== null;
    this.openings.set(locker.no, { atMs: this.nowMs(), visit: isNobodys ? null : visit, isTold: false });
  }

  /** A book was taken from behind an open door. */
  taken(locker: LockerNo, item: ItemId): void {
    const visit = this.openings.get(locker)?.visit;
    const isRegular = visit?.purpose === 'checkout' && visit.item === item && visit.patron !== null;
    if (isRegular && visit.patron !== null)
      this.duties.set(item, { kind: 'lent', patron: visit.patron, locker, sinceMs: this.nowMs() });
    else this.unsure(item);
  }

  /** A book was put behind an open door. */
  put(locker: LockerNo, item: ItemId): void {
    const visit = this.openings.get(locker)?.visit;
    if (visit?.purpose === 'checkin' && visit.item === item) this.stands(item, locker);
    else this.unsure(item);
  }

  /** A door was shut on `inside`: what its visit was for may not have been done. */
  shut(locker: LockerNo, inside: readonly ItemId[]): void {
    const visit = this.openings.get(locker)?.visit;
    if (visit && (visit.purpose === 'checkout') === inside.includes(visit.item)) this.unsure(visit.item);
  }

  /** A book is certainly behind this door. */
  stands(item: ItemId, locker: LockerNo): void {
    this.duties.set(item, { kind: 'stands', locker, sinceMs: this.nowMs() });
  }

  /** Nobody could know where a book is. */
  unsure(item: ItemId): void {
    this.duties.set(item, { kind: 'unsure' });
  }
}
