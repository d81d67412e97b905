import type { RunningEmulator } from '../../../firmware-bridge/emulator/client.js';
import type { Event } from '../../../src/circulation/event.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { startProgram } from '../support/program.js';
import { followScreen, type ScreenFollower } from '../support/screen-follower.js';
import { expect, until } from '../support/wait.js';

/** A resident as the walkthrough plays her: what she can hold to the reader. */
export interface Resident {
  readonly pass: string;
}

/** The catalogue, asked about this one kiosk. */
export interface CatalogueWindow {
  events(): readonly (Event & { readonly position: number })[];
  /** Loans that are open at the catalogue. */
  loans(): number;
  /** Waits until the catalogue's list of events is as `isIt` says. */
  has(what: string, isIt: (events: readonly Event[]) => boolean, deadlineMs?: number): Promise<void>;
}

/** What the story expects the journal to hold by now, in order. */
export interface ExpectedJournal {
  readonly expected: readonly Event['type'][];
  expects(...types: Event['type'][]): void;
}

export interface SceneParts {
  readonly emulator: RunningEmulator;
  readonly catalogue: CatalogueWindow;
  readonly broker: { start(): Promise<void>; stop(): Promise<void> };
  readonly wire: { lastPosition(): number; saysOnline(): boolean };
  readonly journal: ExpectedJournal;
  readonly wang: Resident;
  readonly forgedPass: string;
  /** What stands where at the start. */
  readonly books: readonly { readonly locker: number; readonly item: string }[];
  startKiosk(): Promise<KioskProcess>;
  lockerCode(locker: number): string;
}

/** How a resident may choose a locker. */
export type ChoiceBy = 'locker-code' | 'screen';

/** The stage of the story: the parts, and the moves a resident makes with them. */
export class Scene {
  readonly emulator: RunningEmulator;
  readonly catalogue: CatalogueWindow;
  readonly journal: ExpectedJournal;

  constructor(
    readonly parts: SceneParts,
    public kiosk: KioskProcess,
  ) {
    this.emulator = parts.emulator;
    this.catalogue = parts.catalogue;
    this.journal = parts.journal;
  }

  async restartKiosk(): Promise<void> {
    this.kiosk = await this.parts.startKiosk();
  }

  async scan(text: string): Promise<void> {
    const answer = await this.emulator.scan(text);
    expect(answer.ok, 'the reader takes the code');
  }

  /** The book that stood in `locker` at the start. */
  bookOf(locker: number): string {
    const book = this.parts.books.find((each) => each.locker === locker);
    expect(book !== undefined, `a book in locker ${locker}`);
    return book.item;
  }

  /** A whole checkout of the book in `locker`. */
  async borrow(locker: number, by: ChoiceBy): Promise<void> {
    await this.unlockFor(locker, by);
    await this.openDoor(locker);
    await this.takeAndClose(locker);
    await this.kiosk.sees('the due date', ({ phase, due }) => phase === 'farewell' && due !== null);
    this.journal.expects('checkout-intended', 'item-lent', 'checkout-completed');
  }

  /** From the pass to the released door; the two ways of choosing differ in order too. */
  async unlockFor(locker: number, by: ChoiceBy): Promise<void> {
    if (by === 'locker-code') {
      await this.scan(this.parts.wang.pass);
      await this.kiosk.sees('the choice of a book', ({ phase }) => phase === 'choosing');
      await this.scan(this.parts.lockerCode(locker));
    } else {
      await this.kiosk.touch({ kind: 'choose-locker', locker });
      await this.kiosk.sees('the question for a pass', ({ phase }) => phase === 'identifying');
      await this.scan(this.parts.wang.pass);
    }
    await this.kiosk.sees(
      `door ${locker} released`,
      (view) => view.phase === 'opening' && view.locker === locker,
    );
  }

  /** Opens a door as soon as its latch is free. */
  async openDoor(locker: number): Promise<void> {
    await until(
      `door ${locker} to open`,
      async () => ((await this.emulator.door(locker, 'open')).ok ? true : null),
      3_000,
    );
    await this.kiosk.sees('the open door', (view) => view.phase === 'open' && view.locker === locker);
  }

  /** Takes the book out and shuts the door. */
  async takeAndClose(locker: number): Promise<void> {
    await this.done(this.emulator.book('take', locker, this.bookOf(locker)));
    await this.done(this.emulator.door(locker, 'close'));
  }

  /** A whole checkin of `item`; resolves with the locker the kiosk chose. */
  async giveBack(item: string): Promise<number> {
    await this.scan(item);
    const { locker } = await this.kiosk.sees(
      'an empty locker',
      ({ phase, locker: at }) => phase === 'opening' && at !== null,
    );
    expect(locker !== null, 'a locker to put it in');
    await this.openDoor(locker);
    await this.done(this.emulator.book('put', locker, item));
    await this.done(this.emulator.door(locker, 'close'));
    await this.kiosk.sees('thanks', ({ phase, mood }) => phase === 'farewell' && mood === 'glad');
    this.journal.expects('checkin-intended', 'checkin-opened', 'item-returned');
    return locker;
  }

  /** The lockers whose latch is free, or is being freed, just now. */
  async freeLatches(): Promise<number[]> {
    const { lockers } = await this.emulator.snapshot();
    return lockers.filter(({ relayOn, lock }) => relayOn || lock === 'free').map(({ locker }) => locker);
  }

  private async done(hand: ReturnType<RunningEmulator['door']>): Promise<void> {
    const answer = await hand;
    expect(answer.ok, 'the hand to succeed');
  }
}

const program = new URL('dist/src/main.js', packageRoot);

/** A kiosk running as its own process, seen through its screen only. */
export interface KioskProcess extends Pick<ScreenFollower, 'sees' | 'touch'> {
  readonly screenUrl: string;
  /** Resolves when the kiosk has opened its reader: a code shown before reaches nobody. */
  readerReady(): Promise<unknown>;
  /** Power cut as far as a process can have one. */
  kill(): Promise<unknown>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `lening --config FILE` (`main`: its compiled entry) and resolves when its screen answers. */
export async function startKioskProcess(configFile: string, main = program): Promise<KioskProcess> {
  const kiosk = startProgram(main, ['--config', configFile]);
  const [screenUrl = ''] = (await kiosk.says('"screen":"')).split('"');
  const { sees, touch, stop: lookAway } = await followScreen(screenUrl);
  const end = (signal: NodeJS.Signals) => kiosk.end(signal).finally(lookAway);
  const readerReady = () => kiosk.says('reader ready');
  return { screenUrl, sees, touch, readerReady, kill: () => end('SIGKILL'), stop: () => end('SIGINT') };
}

/** Starts a kiosk and resolves when it has opened its reader. */
export async function startKioskWithReader(configFile: string): Promise<KioskProcess> {
  const kiosk = await startKioskProcess(configFile);
  await kiosk.readerReady();
  return kiosk;
}
