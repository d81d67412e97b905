import type { MiddlewareHandler } from 'hono';

/** Which requests a service accepts. */
export interface GuardOptions {
  /** The addresses of the service itself, read at each request. */
  readonly origins: () => readonly URL[];
  /** Whether its pages post HTML forms; default: no. */
  readonly hasForms?: boolean;
  /** Whether posts without `Origin`, which come from programs and never from a browser, are accepted; default: no. */
  readonly acceptsPrograms?: boolean;
}

/** Both addresses of a service that listens on the loopback interface. */
export function loopbackOrigins(port: number): readonly URL[] {
  return ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`));
}

/**
 * Rejects requests to another host name (421; protects against DNS rebinding) and posts from other sites' pages (403), and
 * sets the security headers: nothing is loaded from elsewhere, no inline script or style.
 */
export function guard({
  origins,
  hasForms = false,
  acceptsPrograms = false,
}: GuardOptions): MiddlewareHandler {
  const headers = securityHeaders(hasForms);
  return async (context, next) => {
    const own = origins();
    if (!own.some(({ host }) => host === context.req.header('host')))
      return context.text('Misdirected request', 421);
    const isPost = context.req.method !== 'GET' && context.req.method !== 'HEAD';
    const from = context.req.header('origin');
    const isOwn = from === undefined ? acceptsPrograms : own.some(({ origin }) => origin === from);
    if (isPost && !isOwn) return context.text('Forbidden', 403);
    for (const [name, value] of headers) context.header(name, value);
    return next();
  };
}

function securityHeaders(hasForms: boolean): readonly (readonly [string, string])[] {
  return [
    [
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        `base-uri 'none'; form-action ${hasForms ? "'self'" : "'none'"}; frame-ancestors 'none'`,
    ],
    ['x-content-type-options', 'nosniff'],
    // Without any referrer browsers send `Origin: null` with a form; to other sites none is sent in either case.
    ['referrer-policy', hasForms ? 'same-origin' : 'no-referrer'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['cache-control', 'no-store'],
  ];
}
