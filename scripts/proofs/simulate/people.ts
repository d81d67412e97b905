import type { ItemId, LockerNo } from '../../../src/kernel/ids.js';
import type { Cabinet } from './cabinet.js';
import type { GroundTruth } from './ground-truth.js';

/** Hands: who holds which book, and what is done behind an open door. Persons are numbered from 0. */
export class People {
  readonly #holder = new Map<ItemId, number>();

  constructor(
    private readonly cabinet: Cabinet,
    private readonly truth: GroundTruth,
  ) {}

  holder(item: ItemId): number | undefined {
    return this.#holder.get(item);
  }

  get outside(): readonly ItemId[] {
    return [...this.#holder.keys()];
  }

  give(person: number, item: ItemId): void {
    this.#holder.set(item, person);
  }

  take(person: number, no: LockerNo, item: ItemId): void {
    const { inside } = this.cabinet.locker(no);
    this.cabinet.fill(
      no,
      inside.filter((each) => each !== item),
    );
    this.#holder.set(item, person);
    this.truth.taken(no, item);
  }

  put(no: LockerNo, item: ItemId): void {
    this.#holder.delete(item);
    this.cabinet.fill(no, [...this.cabinet.locker(no).inside, item]);
    this.truth.put(no, item);
  }

  shut(no: LockerNo): void {
    this.truth.shut(no, this.cabinet.locker(no).inside);
    this.cabinet.shut(no);
  }

  /** A book comes back at another kiosk, and from there to somebody else. */
  returnElsewhere(item: ItemId, person: number): void {
    this.#holder.set(item, person);
  }

  /** Staff see to it that behind a shut door stands what the journal says: `item`, or nothing. */
  tidy(no: LockerNo, item: ItemId | null): void {
    for (const other of this.cabinet.lockers.values()) {
      if (item !== null && other.no !== no && other.inside.includes(item))
        this.cabinet.fill(
          other.no,
          other.inside.filter((each) => each !== item),
        );
    }
    for (const stranger of this.cabinet.locker(no).inside) {
      if (stranger === item) continue;
      this.#holder.set(stranger, 0);
      this.truth.unsure(stranger);
    }
    this.cabinet.fill(no, item === null ? [] : [item]);
    if (item === null) return;
    this.#holder.delete(item);
    this.truth.stands(item, no);
  }
}
