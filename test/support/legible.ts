import type { Page } from 'playwright-core';

/** Every visible text of ours with its contrast ratio (WCAG) and size. */
export function texts(page: Page, watched: string) {
  return page.evaluate((selector) => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const light = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((c) => {
        const s = c / 255;
        return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element: Element | null): string => {
      const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 255, 255)';
      return channels(color)[3] === 0 ? behind(element?.parentElement ?? null) : color;
    };
    return [...document.querySelectorAll<HTMLElement>(selector)]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.textContent)
      .map((element) => {
        const style = getComputedStyle(element);
        const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
        const ratio = ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
        return { text: element.textContent, ratio, sizePx: Number.parseFloat(style.fontSize) };
      });
  }, watched);
}

/** Visible buttons that are too small for a thumb, or whose words do not fit. */
export function poorTargets(page: Page, buttons: string) {
  return page.evaluate(
    (selector) =>
      [...document.querySelectorAll<HTMLElement>(selector)]
        .filter((button) => button.checkVisibility({ visibilityProperty: true }))
        .filter((button) => {
          const { width, height } = button.getBoundingClientRect();
          return width < 64 || height < 64 || button.scrollWidth > button.clientWidth + 1;
        })
        .map(({ textContent }) => textContent),
    buttons,
  );
}
