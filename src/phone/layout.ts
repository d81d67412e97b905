import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Sentence } from '../display/phrases.js';
import { words } from './words.js';

/** Markup in which every value was escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Both languages of a sentence, the Chinese first and larger. */
export function both({ zh, en }: Sentence): Html {
  return html`<span lang="zh-CN">${zh}</span> <span lang="en">${en}</span>`;
}

/** What stands around every page. */
export interface Frame {
  /** The kiosk it is about, and whose telephone it is, where that is known. */
  readonly place: Sentence | null;
  readonly who?: { readonly name: string; readonly change: string } | undefined;
}

/** One page. `main` is all that changes while it waits. */
export function frame({ place, who }: Frame, main: Html): Html {
  return html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<title>${words.house.zh}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/phone.css">
<script type="module" src="/phone.js"></script>
</head>
<body>
<header>
<p class="seal" aria-hidden="true"><span>乐</span><span>宁</span><span>书</span><span>庭</span></p>
<p class="place">${both(place ?? words.house)}</p>
</header>
${who && html`<p class="who"><span>${who.name}，${words.hello.zh}</span> <a href="${who.change}">${both(words.notMe)}</a></p>`}
<p class="offline" id="offline" role="status" hidden>${both(words.noNetwork)}</p>
${main}
</body>
</html>`;
}
