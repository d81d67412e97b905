import type { MiddlewareHandler } from 'hono';

/** Nothing from elsewhere, nothing inline; the page’s own files only. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/**
 * Answers only requests addressed to this machine's own names, so that a web page elsewhere cannot reach the
 * screen by DNS rebinding, and takes posts only from the screen's own page. `port` is asked at each request.
 */
export function guard(port: () => number): MiddlewareHandler {
  return async (context, next) => {
    const hosts = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port()}`).host);
    if (!hosts.includes(context.req.header('host') ?? '')) return context.text('Misdirected request', 421);
    const origins = hosts.map((host) => `http://${host}`);
    const posts = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    if (posts && !origins.includes(context.req.header('origin') ?? '')) return context.text('Forbidden', 403);
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
    return next();
  };
}
