import { type Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Sentence } from '../display/phrases.js';
import { qrOf } from '../display/qr.js';
import { itemId, type KioskId, type PatronId, passId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { RateLimiter } from '../kernel/rate-limiter.js';
import { after, type EpochMs, milliseconds } from '../kernel/time.js';
import { frame, type Html } from './layout.js';
import { loanView } from './loan-view.js';
import { askPage, loanPage, type Proof, saying, shelfPage } from './pages.js';
import type { SignIn } from './sign-in.js';
import type { Tickets } from './tickets.js';
import { messages } from './words.js';

/** What the pages ask of the catalogue, and tell it. */
export type PhoneCatalogue = Pick<
  Catalogue,
  | 'stations'
  | 'booksFor'
  | 'bookOf'
  | 'checkPresence'
  | 'sendGrant'
  | 'makeGrant'
  | 'grantStatus'
  | 'grantText'
  | 'sameGrant'
>;

/** What a telephone does with its camera and its screen, where there is no telephone. */
export interface PhoneDemo {
  /** The address behind the code on the kiosk’s screen; `/scan` leads there. */
  invitation(): string;
  /** Holds a code to the kiosk’s reader. */
  showToReader(text: string): Promise<void>;
}

/** What the pages of the kiosks are made of. */
export interface DeskParts {
  readonly catalogue: PhoneCatalogue;
  readonly kiosks: ReadonlyMap<KioskId, Sentence>;
  readonly tickets: Tickets;
  readonly signIn: SignIn;
  readonly demo?: PhoneDemo | undefined;
  nowMs(): EpochMs;
}

/** Who asks, and about which kiosk. */
interface Visit {
  readonly kiosk: KioskId;
  readonly place: Sentence;
  readonly patron: PatronId;
}

type Env = { Variables: { visit: Visit } };

/**
 * The pages under `/k/<kiosk>`: the shelf, one book, and one grant with what comes of it. A code in the address is put
 * aside at once, with its time, so that it is in no address that is kept or sent on, and judged when it is known who brings it.
 */
export function createDesk(parts: DeskParts): Hono<Env> {
  const { catalogue, signIn, nowMs } = parts;
  const given = new RateLimiter(limits.phoneRequestAttempts, limits.phoneRequestWindowMs);
  const app = new Hono<Env>();
  const show = (context: Context<Env>, main: Html, status: 200 | 404 | 429 = 200) => {
    const { kiosk, place, patron } = context.get('visit');
    const who = { name: signIn.nameOf(patron), change: `/sign-in?to=/k/${kiosk}` };
    return context.html(frame({ place, who }, main), status);
  };
  app.use('/:kiosk/*', visitOf(parts));

  app.get('/:kiosk', async (context) => {
    const { kiosk, patron } = context.get('visit');
    return show(context, shelfPage(kiosk, catalogue.booksFor(patron, kiosk), await proofOf(context, parts)));
  });

  app.get('/:kiosk/book/:item{[0-9]{14}}', async (context) => {
    const { kiosk, patron } = context.get('visit');
    const book = catalogue.booksFor(patron, kiosk).find(({ item }) => item === context.req.param('item'));
    if (!book) return context.redirect(`/k/${kiosk}`, 303);
    return show(context, askPage(kiosk, book, await proofOf(context, parts)));
  });

  app.post('/:kiosk/borrow', async (context) => {
    const { kiosk, patron } = context.get('visit');
    const { wish } = await context.req.parseBody();
    if (typeof wish !== 'string' || !/^(any|\d{14})$/.test(wish)) return context.text('Bad request', 400);
    const wanted = { kiosk, patron, item: wish === 'any' ? null : itemId(wish) };
    const isPresent = (await proofOf(context, parts)) === 'present';
    const same = catalogue.sameGrant(wanted);
    if (same && catalogue.grantStatus(same, patron)?.isSent === isPresent) {
      return context.redirect(`/k/${kiosk}/loan/${same}`, 303);
    }
    if (!given.tryAdd(patron, nowMs())) return show(context, saying(messages.tooMany), 429);
    const pass = isPresent ? catalogue.sendGrant(wanted) : catalogue.makeGrant(wanted);
    return context.redirect(`/k/${kiosk}/loan/${pass}`, 303);
  });

  app.get('/:kiosk/loan/:pass{[0-9a-f]{16}}', (context) => {
    const { kiosk, patron } = context.get('visit');
    const pass = passId(context.req.param('pass'));
    const status = catalogue.grantStatus(pass, patron);
    if (status?.kiosk !== kiosk) return show(context, saying(messages.gone), 404);
    const about = status.found ?? status.item;
    const view = loanView(status, about && catalogue.bookOf(about), nowMs());
    const text = view.showsCode ? catalogue.grantText(pass, patron) : null;
    const code = text === null ? null : qrOf(text);
    return show(context, loanPage(status, pass, view, { code, isDemo: parts.demo !== undefined }));
  });

  app.post('/:kiosk/loan/:pass{[0-9a-f]{16}}/show', async (context) => {
    const { kiosk, patron } = context.get('visit');
    const pass = passId(context.req.param('pass'));
    const text = catalogue.grantText(pass, patron);
    if (text !== null) await parts.demo?.showToReader(text);
    return context.redirect(`/k/${kiosk}/loan/${pass}`, 303);
  });
  return app;
}

/** Finds out which kiosk, and who; a code that comes with the address is put aside first. */
function visitOf({ kiosks, tickets, signIn, nowMs }: DeskParts) {
  return createMiddleware<Env>(async (context, next) => {
    const [kiosk, place] = [...kiosks].find(([each]) => each === context.req.param('kiosk')) ?? [];
    if (kiosk === undefined || place === undefined) return context.notFound();
    const code = context.req.query('c');
    if (code !== undefined) {
      tickets.remove(context, 'here');
      await tickets.write(context, {
        is: 'arrival',
        kiosk,
        code: code.slice(0, limits.presenceCodeChars),
        at: nowMs(),
      });
      return context.redirect(`/k/${kiosk}`, 303);
    }
    const patron = await signIn.identify(context);
    if (patron === null) return context.redirect(`/sign-in?to=${encodeURIComponent(context.req.path)}`, 303);
    context.set('visit', { kiosk, place, patron });
    return next();
  });
}

/** Whether she stands there: she came with a code that was good then, not long ago. A code is judged once. */
async function proofOf(context: Context<Env>, { catalogue, tickets, nowMs }: DeskParts): Promise<Proof> {
  const { kiosk, patron } = context.get('visit');
  const arrival = await tickets.read(context, 'arrival');
  if (arrival?.kiosk === kiosk) {
    const verdict = catalogue.checkPresence({ kiosk, patron, code: arrival.code, at: arrival.at });
    const until = after(arrival.at, milliseconds(limits.phonePresenceMs));
    tickets.remove(context, 'arrival');
    await tickets.write(context, { is: 'here', kiosk, patron, verdict, until });
    return until > nowMs() ? verdict : 'wrong';
  }
  const here = await tickets.read(context, 'here');
  if (here?.kiosk !== kiosk || here.patron !== patron || here.until <= nowMs()) return 'none';
  return here.verdict;
}
