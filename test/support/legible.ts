import type { Page } from 'playwright-core';

/** What a page must keep to. Selectors name what is looked at; only what is visible counts. */
export interface LegibilityRules {
  readonly texts: string;
  readonly minTextPx?: number;
  readonly minHeadingPx?: number;
  readonly buttons: string;
  /** Whether the page must fit the height of the screen, as it must fit its width. */
  readonly fitsHeight?: boolean;
}

/** Where a page is hard to read or to touch: contrast below 7:1 (WCAG AAA), small texts, small targets, what does not fit. */
export function legibilityFaults(page: Page, rules: LegibilityRules): Promise<string[]> {
  return page.evaluate(({ texts, minTextPx = 0, minHeadingPx = 0, buttons, fitsHeight }) => {
    const minContrast = 7;
    const minTargetPx = 64;
    const visible = (selector: string) =>
      [...document.querySelectorAll<HTMLElement>(selector)].filter((element) =>
        element.checkVisibility({ visibilityProperty: true }),
      );
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((channel) => {
        const s = channel / 255;
        return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element: Element | null): string => {
      const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
      return channels(color)[3] === 0 ? background(element?.parentElement ?? null) : color;
    };
    const contrast = (element: Element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(background(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const sizePx = (element: Element) => Number.parseFloat(getComputedStyle(element).fontSize);
    const read = visible(texts).filter(({ textContent }) => textContent);
    const root = document.documentElement;
    const faults = [
      ...read.map((text) => [contrast(text) < minContrast, `contrast ${contrast(text)}`, text] as const),
      ...read.map((text) => [sizePx(text) < minTextPx, `${sizePx(text)} px`, text] as const),
      ...visible('h1').map((h1) => [sizePx(h1) < minHeadingPx, `${sizePx(h1)} px`, h1] as const),
      ...visible(buttons).map((button) => {
        const { width, height } = button.getBoundingClientRect();
        const isWhole = button.scrollWidth <= button.clientWidth + 1;
        const isPoor = width < minTargetPx || height < minTargetPx || !isWhole;
        return [isPoor, `button of ${width} × ${height} px`, button] as const;
      }),
      [read.length === 0, 'no text', root] as const,
      [root.scrollWidth > innerWidth, `width ${root.scrollWidth} px`, root] as const,
      [
        fitsHeight === true && root.scrollHeight > innerHeight,
        `height ${root.scrollHeight} px`,
        root,
      ] as const,
    ];
    return faults
      .filter(([isFault]) => isFault)
      .map(([, what, { textContent }]) => `${what}: ${textContent}`);
  }, rules);
}
