import type { MiddlewareHandler } from 'hono';

/** Nothing from elsewhere, nothing inline; the page’s own files and forms only. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // The code in the address is nobody else's business; but without any referrer browsers hide where a form comes from.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Answers only what is addressed to the service by its own name, and takes forms only from its own pages. `origin` is
 * asked at each request.
 */
export function guard(origin: () => URL): MiddlewareHandler {
  return async (context, next) => {
    const { host, origin: own } = origin();
    if (context.req.header('host') !== host) return context.text('Misdirected request', 421);
    const posts = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    if (posts && context.req.header('origin') !== own) return context.text('Forbidden', 403);
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    return next();
  };
}
