import type { Input } from '../circulation/input.js';
import type { Outcome, State } from '../circulation/state.js';
import type { Config } from '../config/config.js';
import { limits } from '../kernel/limits.js';
import type { Clock, Moment } from '../kernel/time.js';
import { type Cancel, repeat, type Wait } from '../kernel/wait.js';
import type { ScreenIntent } from '../screen/intent.js';
import type { Screen } from '../screen/server.js';
import { viewOf } from '../screen/view.js';
import type { Documents } from './document-store.js';
import { invitationOf } from './invitation.js';
import { inputOfIntent } from './screen-input.js';

/** The screen, and what it shows besides the kiosk's state. */
export interface ScreenPort {
  readonly config: Pick<Config, 'kiosk' | 'name' | 'neighbours' | 'screen'>;
  /** Makes the screen's server. */
  create(onIntent: (intent: ScreenIntent) => void): Screen;
}

/** What a kiosk's screen shows, and where its touches go. */
export interface KioskScreenParts {
  readonly kiosk: { readonly state: State; submit(input: Input): void };
  readonly documents: Pick<Documents, 'titleOf' | 'presence'>;
  receiptOf(outcome: Outcome): string | null;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** The screen of one kiosk, kept up to date with its state. */
export interface KioskScreen {
  /** Listens for pages, and shows the kiosk from now on. Rejects with Fault `screen.port-taken`. */
  start(): Promise<{ readonly url: string }>;
  /** Shows the kiosk's state as it is now. */
  show(): void;
  /** Makes the idle screen stand out for `limits.identifyMs`, so that somebody on site finds the kiosk. */
  identify(): void;
  /** The address behind the code that is shown. */
  invitation(): string;
  /** How many pages show the screen. */
  pages(): number;
  close(): Promise<void>;
}

/** Makes the screen of one kiosk; nothing is opened before `start`. */
export function createKioskScreen(port: ScreenPort, parts: KioskScreenParts): KioskScreen {
  return new UpdatedScreen(port, parts);
}

class UpdatedScreen implements KioskScreen {
  readonly #server: Screen;
  #invitation = '';
  #stopLooking: Cancel | undefined;
  #stopIdentifying: Cancel | undefined;

  constructor(
    private readonly port: ScreenPort,
    private readonly parts: KioskScreenParts,
  ) {
    this.#server = port.create((intent) => parts.kiosk.submit(inputOfIntent(intent)));
  }

  start(): Promise<{ readonly url: string }> {
    const { wait, clock } = this.parts;
    // The code in the invitation changes by the calendar, which may be set meanwhile.
    this.#stopLooking = repeat(wait, limits.invitationCheckMs, () => {
      if (this.#invitationAt(clock.now()) !== this.#invitation) this.show();
    });
    return this.#server.start();
  }

  show(): void {
    const { clock, kiosk, documents, receiptOf } = this.parts;
    const { config } = this.port;
    const moment = clock.now();
    this.#invitation = this.#invitationAt(moment);
    const view = viewOf(kiosk.state, {
      kiosk: { id: config.kiosk, name: config.name },
      titleOf: (item) => documents.titleOf(item),
      online: kiosk.state.online,
      neighbours: config.neighbours,
      receiptOf,
      invitation: this.#invitation,
      isLookedFor: this.#stopIdentifying !== undefined,
      moment,
    });
    this.#server.show(view);
  }

  identify(): void {
    this.#stopIdentifying?.();
    this.#stopIdentifying = this.parts.wait(limits.identifyMs, () => {
      this.#stopIdentifying = undefined;
      this.show();
    });
    this.show();
  }

  invitation(): string {
    return this.#invitation;
  }

  pages(): number {
    return this.#server.pages;
  }

  close(): Promise<void> {
    this.#stopLooking?.();
    this.#stopIdentifying?.();
    return this.#server.close();
  }

  #invitationAt(moment: Moment): string {
    const { kiosk, screen } = this.port.config;
    const presence = this.parts.documents.presence();
    return invitationOf({ kiosk, wechatUrl: screen.wechatUrl, presence, moment });
  }
}
