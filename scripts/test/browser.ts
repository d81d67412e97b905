import { existsSync } from 'node:fs';
import { type Browser, type BrowserServer, chromium, type LaunchOptions } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
const chromiumPath = places.find((place) => existsSync(place));

/** The environment variable with the address of the Chromium that the test runner started. */
const sharedBrowserVariable = 'TEST_BROWSER_ENDPOINT';

/**
 * Connects to the Chromium of the test run, or starts one when a test file runs alone. Closing it leaves the run's open.
 * Rejects where Chromium is not installed, which the set-up for tests does.
 */
export async function openBrowser(): Promise<Browser> {
  const endpoint = process.env[sharedBrowserVariable];
  if (endpoint !== undefined) return chromium.connect(endpoint);
  if (chromiumPath === undefined) throw new Error(`Chromium is none of ${places.join(', ')}`);
  return chromium.launch(launchOptions(chromiumPath));
}

/** One Chromium for all test files of a run; `env` tells the test processes its address. */
export interface SharedBrowser {
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Starts the Chromium of a test run where Chromium is installed and `isNeeded`. */
export async function startSharedBrowser(isNeeded: boolean): Promise<SharedBrowser> {
  let server: BrowserServer | undefined;
  if (isNeeded && chromiumPath !== undefined) {
    // The runner handles signals by itself and closes the browser then.
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    server = await chromium.launchServer({ ...launchOptions(chromiumPath), ...signals });
  }
  return {
    env: server ? { [sharedBrowserVariable]: server.wsEndpoint() } : {},
    close: async () => server?.close(),
  };
}

/** Headless, and in contact with nobody but the pages under test. */
function launchOptions(executablePath: string): LaunchOptions {
  const quiet = ['quic', 'background-networking', 'component-update', 'sync'].map(
    (part) => `--disable-${part}`,
  );
  return { executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...quiet] };
}
