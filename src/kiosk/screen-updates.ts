import type { State } from '../circulation/state.js';
import type { Config } from '../config/config.js';
import { limits } from '../kernel/limits.js';
import type { Clock, Moment } from '../kernel/time.js';
import type { ViewContext } from '../screen/context.js';
import type { Screen } from '../screen/server.js';
import { viewOf } from '../screen/view.js';
import type { Documents } from './document-store.js';
import { invitationOf } from './invitation.js';

/** What is shown, and where. */
export interface ShowingParts {
  readonly config: Pick<Config, 'kiosk' | 'name' | 'neighbours' | 'screen'>;
  readonly screen: Pick<Screen, 'show'>;
  readonly documents: Pick<Documents, 'titleOf' | 'presence'>;
  readonly clock: Clock;
  readonly receiptOf: ViewContext['receiptOf'];
  readonly kiosk: { readonly state: State };
}

/** Keeps the screen as things are. */
export interface Showing {
  /** From now on the screen is also kept up to date where nothing happens but that time passes. */
  start(): void;
  show(): void;
  /** While nobody is there the screen says for a while that it is here. */
  identify(): void;
  /** The address behind the code that is shown. */
  invitation(): string;
  close(): void;
}

/** Makes what shows a kiosk's state on its screen. */
export function createShowing(parts: ShowingParts): Showing {
  const { config, screen, documents, clock, receiptOf } = parts;
  const { kiosk: id, name, neighbours } = config;
  let invitation = '';
  let looks: NodeJS.Timeout | undefined;
  let calls: NodeJS.Timeout | undefined;
  const invitationAt = (moment: Moment) =>
    invitationOf({ kiosk: id, wechatUrl: config.screen.wechatUrl, presence: documents.presence(), moment });
  const show = () => {
    const moment = clock.now();
    const { state } = parts.kiosk;
    invitation = invitationAt(moment);
    const titleOf: ViewContext['titleOf'] = (item) => documents.titleOf(item);
    const { online } = state;
    const context = {
      kiosk: { id, name },
      titleOf,
      online,
      neighbours,
      receiptOf,
      invitation,
      isLookedFor: calls !== undefined,
      moment,
    };
    screen.show(viewOf(state, context));
  };
  return {
    show,
    invitation: () => invitation,
    start() {
      // The code in the invitation changes by the calendar, which may be set meanwhile.
      looks = setInterval(() => {
        if (invitationAt(clock.now()) !== invitation) show();
      }, limits.invitationCheckMs).unref();
    },
    identify() {
      clearTimeout(calls);
      calls = setTimeout(() => {
        calls = undefined;
        show();
      }, limits.identifyMs);
      show();
    },
    close() {
      clearInterval(looks);
      clearTimeout(calls);
    },
  };
}
