import type { Log } from '../../src/kernel/log.js';

const nothing = () => undefined;

/** A log for tests that look elsewhere. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
