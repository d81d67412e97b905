import type { Context, Hono } from 'hono';
import type { PatronId } from '../kernel/ids.js';

/**
 * How the page finds out whose telephone it is on. Whoever is unknown is sent to `/sign-in?to=<path>` and comes back to
 * `path`, which begins with `/k/`.
 *
 * With WeChat (a service account with web page authorisation; its AppSecret lives with the catalogue and never on a kiosk):
 * 1. `/sign-in?to=` keeps `to` under a random `state` (at most 128 letters and digits) in a cookie and redirects to
 *    `https://open.weixin.qq.com/connect/oauth2/authorize?appid=…&redirect_uri=https%3A%2F%2F<host>%2Fsign-in%2Fback&response_type=code&scope=snsapi_base&state=…#wechat_redirect`.
 *    `snsapi_base` asks the resident nothing. The host must be registered with the account.
 * 2. WeChat comes back to `/sign-in/back?code=…&state=…`; another `state` than the cookie’s is refused.
 * 3. The code (once, within 5 minutes) is exchanged, server to server:
 *    `GET https://api.weixin.qq.com/sns/oauth2/access_token?appid=…&secret=…&code=…&grant_type=authorization_code` → `openid`.
 *    Errors 40029 and 40163 (wrong or used code): begin again; -1: try again; an answer with `is_snapshotuser` is nobody.
 * 4. The `openid` is looked up among the patrons. At the first time she shows which card is hers: its number and PIN, checked
 *    with the same limits as at a kiosk. Then a `who` ticket says who she is, and she goes on to `to`.
 */
export interface SignIn {
  /** Who this is; null while that is not known. */
  identify(context: Context): Promise<PatronId | null>;
  /** What she is called on the page. */
  nameOf(patron: PatronId): string;
  /** What is answered under `/sign-in`. */
  routes(): Hono;
}
