import type { KioskId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type PresenceSecret, presenceCode } from '../passes/presence.js';

/** What an invitation is made of. */
export interface InvitationParts {
  readonly kiosk: KioskId;
  /** Where the catalogue's page for phones is; a query it may have stays. */
  readonly wechatUrl: string;
  /** Null while the catalogue has told none. */
  readonly presence: PresenceSecret | null;
  readonly moment: Moment;
}

/**
 * The address behind the screen's QR: the catalogue's page of this kiosk, with the code of the moment, which proves to the
 * catalogue that whoever has it stands here. Without a secret, or while the clock is in doubt, no code is better than a
 * wrong one: the page then offers what needs no proof.
 */
export function invitationOf({ kiosk, wechatUrl, presence, moment }: InvitationParts): string {
  const url = new URL(wechatUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${kiosk}`;
  if (presence !== null && moment.trust === 'trusted') {
    url.searchParams.set('c', presenceCode(presence, moment.calendarMs));
  }
  return url.href;
}
