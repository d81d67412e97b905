import { type BrowserServer, chromium } from 'playwright-core';
import { chromiumOptions, chromiumPath, sharedBrowserVariable } from '../../test/support/chromium.js';
import type { TestFile } from './test-kinds.js';

/** One Chromium for all test files of a run; `env` tells the test processes its address. */
export interface SharedBrowser {
  readonly env: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** Starts Chromium when it is installed and one of `files` drives a browser. */
export async function startSharedBrowser(files: readonly TestFile[]): Promise<SharedBrowser> {
  let server: BrowserServer | undefined;
  if (chromiumPath !== undefined && files.some(({ usesBrowser }) => usesBrowser)) {
    // The runner ends on signals by itself, and closes the browser then.
    const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
    server = await chromium.launchServer({ ...chromiumOptions(chromiumPath), ...signals });
  }
  return {
    env: server ? { [sharedBrowserVariable]: server.wsEndpoint() } : {},
    close: async () => server?.close(),
  };
}
