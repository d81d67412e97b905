import { expect, until } from '../support/wait.js';
import type { Scene } from './scene.js';

/** One step of the story: what is claimed, and how it is played and checked. */
export interface Step {
  readonly says: string;
  play(scene: Scene): Promise<void>;
}

/** The lockers the story borrows from; filled by the sample stock. */
const lockers = { first: 24, second: 23, third: 22 };

/** One resident's story, in order; each step starts where the one before ended. */
export const story: readonly Step[] = [
  {
    says: '24 lockers, one board, one reader: the kiosk is in service and the catalogue knows its books',
    async play({ kiosk, catalogue, parts: { books } }) {
      await kiosk.sees(
        'the books on offer',
        ({ phase, shelves }) => phase === 'idle' && available(shelves) > 0,
      );
      await catalogue.has('the first stock', (events) => events.length === books.length);
    },
  },
  {
    says: 'checkout: pass scanned, locker chosen by its own code, door opened and closed, loan at the catalogue',
    async play(scene) {
      await scene.borrow(lockers.first, 'locker-code');
      await scene.catalogue.has('the loan', (events) => events.at(-1)?.type === 'checkout-completed');
      expect(scene.catalogue.loans() === 1, 'one loan at the catalogue');
    },
  },
  {
    says: 'checkin: the book’s barcode scanned, another locker opens, loan ended at the catalogue',
    async play(scene) {
      const locker = await scene.giveBack(scene.bookOf(lockers.first));
      expect(locker !== lockers.first, 'another locker than the one it came from');
      await scene.catalogue.has('the return', (events) => events.at(-1)?.type === 'item-returned');
      expect(scene.catalogue.loans() === 0, 'no loan left at the catalogue');
      const { wire } = scene.parts;
      const seen = () => (wire.lastPosition() === scene.journal.expected.length ? true : null);
      await until('the same events on the wire', seen);
    },
  },
  {
    says: 'the broker is stopped; the kiosk says it is offline and stays in service',
    async play({ kiosk, parts: { broker } }) {
      await broker.stop();
      await kiosk.sees('that it is offline', ({ online, phase }) => !online && phase === 'idle', 30_000);
    },
  },
  {
    says: 'offline checkout: book chosen on the screen first, pass scanned second',
    play: (scene) => scene.borrow(lockers.second, 'screen'),
  },
  {
    says: 'offline checkin',
    async play(scene) {
      await scene.giveBack(scene.bookOf(lockers.second));
    },
  },
  {
    says: 'a door that is never opened: nothing is lent, and the screen says so',
    async play(scene) {
      const { kiosk, journal } = scene;
      await scene.unlockFor(lockers.third, 'screen');
      await kiosk.sees(
        'that nothing was lent',
        ({ phase, mood }) => phase === 'farewell' && mood === 'sorry',
        10_000,
      );
      journal.expects('checkout-intended', 'checkout-cancelled');
      await kiosk.sees('the book still on offer', (view) => isAvailable(view, lockers.third));
    },
  },
  {
    says: 'a forged pass: refused, nothing moves',
    async play(scene) {
      const { kiosk } = scene;
      const before = await scene.freeLatches();
      await scene.scan(scene.parts.forgedPass);
      await kiosk.sees('the refusal', ({ notice }) => notice !== null);
      const after = await scene.freeLatches();
      const isQuiet = after.every((locker) => before.includes(locker));
      expect(isQuiet, 'no lock to move');
      await kiosk.sees(
        'itself idle again',
        ({ notice, phase }) => notice === null && phase === 'idle',
        15_000,
      );
    },
  },
  {
    says: 'the kiosk is killed (SIGKILL) while a door stands open, starts again, and the visit is resolved',
    async play(scene) {
      const locker = lockers.third;
      await scene.unlockFor(locker, 'locker-code');
      await scene.openDoor(locker);
      scene.journal.expects('checkout-intended', 'item-lent');
      await scene.kiosk.kill();
      await scene.restartKiosk();
      await scene.kiosk.sees(
        'the open door',
        ({ phase, locker: at }) => phase === 'open' && at === locker,
        20_000,
      );
      await scene.takeAndClose(locker);
      await scene.kiosk.sees('the loan', ({ phase, mood }) => phase === 'farewell' && mood === 'glad');
      scene.journal.expects('checkout-completed');
    },
  },
  {
    says: 'the broker is back: the catalogue holds exactly what happened, each event once, in order',
    async play({ catalogue, journal, parts: { broker, wire } }) {
      await broker.start();
      await catalogue.has('everything', (events) => events.length === journal.expected.length, 60_000);
      const stored = catalogue.events();
      expect(
        JSON.stringify(stored.map(({ type }) => type)) === JSON.stringify(journal.expected),
        `the story as played, not ${stored.map(({ type }) => type).join(', ')}`,
      );
      expect(
        stored.every(({ position }, index) => position === index + 1),
        'positions 1, 2, 3 … without gap or repeat',
      );
      expect(catalogue.loans() === 1, 'the one book that is still out');
      await until('the kiosk to say that it is online', () => (wire.saysOnline() ? true : null));
    },
  },
];

function available(shelves: readonly { readonly state: string }[]): number {
  return shelves.filter(({ state }) => state === 'available').length;
}

function isAvailable(
  { shelves }: { shelves: readonly { locker: number; state: string }[] },
  locker: number,
): boolean {
  return shelves.some((shelf) => shelf.locker === locker && shelf.state === 'available');
}
