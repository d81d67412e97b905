/** What the parts write their log with; pino satisfies it. Fields carry no personal data. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const discard = () => undefined;

/** A log that discards everything. */
export const silentLog: Log = { debug: discard, info: discard, warn: discard, error: discard };
