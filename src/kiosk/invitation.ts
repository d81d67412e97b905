import type { KioskId } from '../kernel/ids.js';
import type { Moment } from '../kernel/time.js';
import { type PresenceSecret, presenceCode } from '../passes/presence.js';

/** What an invitation is made of. */
export interface InvitationParts {
  readonly kiosk: KioskId;
  /** The address of the catalogue's page for phones; its query is kept. */
  readonly wechatUrl: string;
  /** Null before the catalogue has sent one. */
  readonly presence: PresenceSecret | null;
  readonly moment: Moment;
}

/**
 * The address in the screen's QR: the catalogue's page of this kiosk, with a time-based code that proves presence at the
 * kiosk. Without a secret, or while the clock is in doubt, there is no code, because a wrong one would be refused; the
 * page then offers only what needs no proof.
 */
export function invitationOf({ kiosk, wechatUrl, presence, moment }: InvitationParts): string {
  const url = new URL(wechatUrl);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${kiosk}`;
  if (presence !== null && moment.trust === 'trusted') {
    url.searchParams.set('c', presenceCode(presence, moment.calendarMs));
  }
  return url.href;
}
