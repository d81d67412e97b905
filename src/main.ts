#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { loadConfig } from './config/config.js';
import { Fault, faultCatalogue } from './kernel/faults.js';
import { limits } from './kernel/limits.js';
import { openKioskJournal, startKiosk } from './kiosk/start-kiosk.js';
import { createLog } from './machine/log.js';

const usage = `乐宁书庭 — the book kiosk controller

  npm start                     the demo: a whole kiosk on an emulated locker board
  npm start -- --data FOLDER    the same, keeping its data elsewhere (default: data)
  lening --config FILE          one real kiosk, as FILE describes it
  lening monitor --broker URL [--street NAME] [--ca FILE --cert FILE --key FILE] [--json] [--once]
                                all kiosks of a street, as they say they are
`;

/** How the program ends where it is to be started anew (EX_TEMPFAIL of sysexits.h): systemd’s `Restart=on-failure` does. */
const restartCode = 75;

interface Running {
  close(): Promise<void>;
}

async function main(): Promise<void> {
  if (process.argv[2] === 'monitor') {
    await watchStreet(process.argv.slice(3));
    return;
  }
  const { values } = parseArgs({
    options: { config: { type: 'string' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const stopper = createStopper();
  const restart = () => stopper.stop(restartCode);
  const running =
    values.config === undefined
      ? await startStreet(values.data ?? 'data', restart)
      : await startReal(values.config, restart);
  stopper.begin(running);
}

/** Shows a street until it is stopped, or once. */
async function watchStreet(args: string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { broker: text, street: text, ca: text, cert: text, key: text, json: flag, once: flag };
  const { broker, street = '+', ca, cert, key, json, once } = parseArgs({ args, options }).values;
  if (broker === undefined || !URL.canParse(broker)) {
    process.stderr.write(usage);
    process.exit(2);
  }
  const { startMonitor } = await import('./street-monitor/monitor.js');
  const files = {
    ...(ca === undefined ? {} : { caFile: ca }),
    ...(cert === undefined ? {} : { certFile: cert }),
    ...(key === undefined ? {} : { keyFile: key }),
  };
  const tls = broker.startsWith('mqtts:') ? { tls: files } : {};
  const monitor = startMonitor({ url: broker, street, json, once, ...tls }, process.stdout);
  const stop = (code: number) => void monitor.close().then(() => process.exit(code), fail);
  process.once('SIGINT', () => stop(0));
  process.once('SIGTERM', () => stop(0));
  stop(await monitor.done);
}

/** A real kiosk does not load the demo's broker, catalogue and emulator. */
async function startStreet(dataFolder: string, restart: () => void): Promise<Running> {
  const { startDemo } = await import('./demo.js');
  return startDemo(dataFolder, restart);
}

async function startReal(configFile: string, restart: () => void): Promise<Running> {
  const config = loadConfig(configFile);
  const log = createLog(config.log);
  const awaitsBackup = config.backup !== undefined;
  return startKiosk(
    config,
    openKioskJournal(config.dataFolder, { log, awaitsBackup, waitsForRepair: true }),
    log,
    restart,
  );
}

/**
 * One signal stops the program in order, locks off first; a second one, or a part that hangs, ends it at once. What is
 * asked for before everything runs is done when it does.
 */
function createStopper() {
  let running: Running | undefined;
  let wanted: number | undefined;
  let askedMs: number | undefined;
  const stop = (code: number) => {
    wanted ??= code;
    if (!running || askedMs !== undefined) return;
    askedMs = performance.now();
    setTimeout(() => process.exit(1), limits.stopMs).unref();
    running.close().then(() => process.exit(wanted), fail);
  };
  const onSignal = () => {
    if (askedMs === undefined) stop(0);
    else if (performance.now() - askedMs > limits.signalEchoMs) process.exit(1);
  };
  return {
    stop,
    begin(started: Running) {
      running = started;
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      if (wanted !== undefined) stop(wanted);
    },
  };
}

/** Says what is wrong in the words of the catalogue of faults. A bug of ours keeps its stack. */
function fail(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof Fault) return `${error.message}\n${faultCatalogue[error.code].remedy}`;
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message}\n\n${usage}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
