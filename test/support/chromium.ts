import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Where this machine keeps Chromium, or undefined. */
export const chromiumPath = places.find((place) => existsSync(place));

/** Starts a headless Chromium that talks to nobody but the pages under test. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map(
    (part) => `--disable-${part}`,
  );
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet],
  });
}
