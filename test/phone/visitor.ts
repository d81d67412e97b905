/** A page as a telephone got it. */
export interface SeenPage {
  readonly status: number;
  /** Where it ended, after redirections: path and query. */
  readonly at: string;
  /** The places it went through on the way, as they were named. */
  readonly way: readonly string[];
  readonly headers: Headers;
  readonly text: string;
}

/** A telephone without its glass: goes where it is sent, keeps its cookies, and posts forms as a page of `base` does. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(private readonly base: string) {}

  get(path: string): Promise<SeenPage> {
    return this.#go(path, {});
  }

  post(path: string, fields: Record<string, string>, origin = new URL(this.base).origin): Promise<SeenPage> {
    return this.#go(path, { method: 'POST', headers: { origin }, body: new URLSearchParams(fields) });
  }

  async #go(path: string, init: RequestInit, way: readonly string[] = []): Promise<SeenPage> {
    const url = new URL(path, this.base);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, cookie };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    const next = answer.headers.get('location');
    const text = await answer.text();
    if (next !== null && way.length < 5) return this.#go(new URL(next, url).href, {}, [...way, next]);
    return { status: answer.status, at: url.pathname + url.search, way, headers: answer.headers, text };
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=');
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The first heading, in Chinese, without the marks where it may break. */
export function headingOf({ text }: Pick<SeenPage, 'text'>): string {
  const [, heading = ''] = /<h1>\s*<span lang="zh-CN">([^<]*)/.exec(text) ?? [];
  return heading.replaceAll('\u200b', '');
}
