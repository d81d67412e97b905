import type { Input } from '../circulation/input.js';
import type { Outcome, State } from '../circulation/state.js';
import type { Config } from '../config/config.js';
import { limits } from '../kernel/limits.js';
import type { Clock, Moment } from '../kernel/time.js';
import { type Cancel, repeat, type Wait } from '../kernel/wait.js';
import type { ScreenIntent } from '../screen/intent.js';
import type { Screen } from '../screen/server.js';
import { viewOf } from '../screen/view.js';
import type { DocumentStore } from './document-store.js';
import { invitationOf } from './invitation.js';
import { inputOfIntent } from './screen-input.js';

/** The screen's server and configuration. */
export interface ScreenPort {
  readonly config: Pick<Config, 'kiosk' | 'name' | 'neighbours' | 'screen'>;
  /** Makes the screen's server. */
  create(onIntent: (intent: ScreenIntent) => void): Screen;
}

/** The parts of a kiosk that its screen shows, and that its touches are submitted to. */
export interface KioskScreenParts {
  readonly kiosk: { readonly state: State; submit(input: Input): void };
  readonly documents: Pick<DocumentStore, 'titleOf' | 'presence'>;
  receiptOf(outcome: Outcome): string | null;
  readonly clock: Clock;
  readonly wait: Wait;
}

/** The screen of one kiosk, updated with its state. */
export interface KioskScreen {
  /** Starts the server. Rejects with Fault `screen.port-taken`. */
  start(): Promise<{ readonly url: string }>;
  /** Sends the kiosk's present state to the pages. */
  show(): void;
  /** Highlights the idle screen for `limits.identifyMs`, so that somebody on site finds the kiosk. */
  identify(): void;
  /** The address in the QR code that is shown. */
  invitation(): string;
  /** How many pages show the screen. */
  pages(): number;
  close(): Promise<void>;
}

/** Makes the screen of one kiosk; nothing is opened before `start`. */
export function createKioskScreen(port: ScreenPort, parts: KioskScreenParts): KioskScreen {
  return new LiveScreen(port, parts);
}

class LiveScreen implements KioskScreen {
  readonly #server: Screen;
  #invitation = '';
  #stopInvitationCheck: Cancel | undefined;
  #cancelIdentify: Cancel | undefined;

  constructor(
    private readonly port: ScreenPort,
    private readonly parts: KioskScreenParts,
  ) {
    this.#server = port.create((intent) => parts.kiosk.submit(inputOfIntent(intent)));
  }

  start(): Promise<{ readonly url: string }> {
    const { wait, clock } = this.parts;
    // The invitation's code changes with the calendar, which may be set at any time.
    this.#stopInvitationCheck = repeat(wait, limits.invitationCheckMs, () => {
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
      isLookedFor: this.#cancelIdentify !== undefined,
      moment,
    });
    this.#server.show(view);
  }

  identify(): void {
    this.#cancelIdentify?.();
    this.#cancelIdentify = this.parts.wait(limits.identifyMs, () => {
      this.#cancelIdentify = undefined;
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
    this.#stopInvitationCheck?.();
    this.#cancelIdentify?.();
    return this.#server.close();
  }

  #invitationAt(moment: Moment): string {
    const { kiosk, screen } = this.port.config;
    const presence = this.parts.documents.presence();
    return invitationOf({ kiosk, wechatUrl: screen.wechatUrl, presence, moment });
  }
}
