import { existsSync } from 'node:fs';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Where this machine keeps Chromium, or undefined. */
export const chromiumPath = places.find((place) => existsSync(place));

/** The environment variable with the address of the Chromium that the test runner started. */
export const sharedBrowserVariable = 'TEST_BROWSER_ENDPOINT';

/** Options that start a headless Chromium which contacts nobody but the pages under test. */
export function chromiumOptions(executablePath: string): LaunchOptions {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map(
    (part) => `--disable-${part}`,
  );
  return { executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet] };
}

/** Connects to the Chromium of the test run, or starts one when a test file runs alone. Closing it leaves the run's open. */
export function openBrowser(executablePath: string): Promise<Browser> {
  const endpoint = process.env[sharedBrowserVariable];
  return endpoint === undefined
    ? chromium.launch(chromiumOptions(executablePath))
    : chromium.connect(endpoint);
}
