import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Patron } from '../catalogue/sample-data.js';
import type { PatronId } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { after, type EpochMs, milliseconds } from '../kernel/time.js';
import { both, frame } from './layout.js';
import type { SignIn } from './sign-in.js';
import type { Tickets } from './tickets.js';

/** A place of this service, and nowhere else. */
const ownPath = /^\/k\/[a-z0-9-]{1,31}(\/[a-z0-9/-]*)?$/;

const heading = { zh: '您是哪一位？', en: 'Who are you?' };
const why = {
  zh: '这是演示：请选一位居民。真的书亭由微信认人。',
  en: 'This is a demonstration: choose a resident. At a real kiosk WeChat says who it is.',
};

/** Stands in for WeChat where there is none: whoever holds the telephone says which sample resident she is. */
export function createSampleSignIn(
  patrons: readonly Pick<Patron, 'patron' | 'name' | 'label'>[],
  tickets: Tickets,
  nowMs: () => EpochMs,
): SignIn {
  const known = new Map<string, (typeof patrons)[number]>(patrons.map((each) => [each.patron, each]));
  const targetOf = (to: string | undefined) => (to !== undefined && ownPath.test(to) ? to : '/');
  return {
    async identify(context: Context): Promise<PatronId | null> {
      const ticket = await tickets.read(context, 'who');
      return ticket && ticket.until > nowMs() && known.has(ticket.patron) ? ticket.patron : null;
    },
    nameOf: (patron) => known.get(patron)?.name ?? '',
    routes() {
      const app = new Hono();
      app.get('/', (context) => context.html(listPage(patrons, targetOf(context.req.query('to')))));
      app.post('/', async (context) => {
        const { patron, to } = await context.req.parseBody();
        const chosen = typeof patron === 'string' ? known.get(patron) : undefined;
        if (!chosen) return context.text('Bad request', 400);
        const until = after(nowMs(), milliseconds(limits.phoneTicketS * 1_000));
        await tickets.write(context, { is: 'who', patron: chosen.patron, until });
        return context.redirect(targetOf(typeof to === 'string' ? to : undefined), 303);
      });
      return app;
    },
  };
}

function listPage(patrons: readonly Pick<Patron, 'patron' | 'name' | 'label'>[], to: string) {
  const button = ({ patron, name, label }: (typeof patrons)[number]) =>
    html`<li><button name="patron" value="${patron}"><span class="title">${name}</span><span class="author">${label}</span></button></li>`;
  return frame(
    { place: null },
    html`<main><h1>${both(heading)}</h1><p class="detail">${both(why)}</p>
<form method="post" action="/sign-in"><input type="hidden" name="to" value="${to}"><ol class="books people">${patrons.map(button)}</ol></form></main>`,
  );
}
