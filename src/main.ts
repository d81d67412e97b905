#!/usr/bin/env node
import { loadConfig } from './config/config.js';
import { Fault } from './kernel/faults.js';
import { limits } from './kernel/limits.js';
import { openKioskJournal, startKiosk } from './kiosk/start-kiosk.js';
import { createLog } from './machine/log.js';
import {
  type Command,
  createCommand,
  explainInEnglish,
  Option,
  runProgram,
  UsageError,
} from './terminal/command.js';

/** The exit code that asks for a restart (EX_TEMPFAIL of sysexits.h); systemd’s `Restart=on-failure` does it. */
const restartCode = 75;

interface Running {
  close(): Promise<void>;
}

/** The program's command line: a kiosk, a demo of a whole street, or a view of all kiosks. */
export function leningCommand(): Command {
  const lening = createCommand(
    'lening',
    '乐宁书庭 — the book kiosk controller: one real kiosk, or without --config the demo, a whole kiosk on an emulated locker board',
    [
      'npm start',
      'npm start -- --data /tmp/demo',
      'lening --config kiosk.yaml',
      'lening monitor --broker mqtts://broker.example.org --ca ca.crt --cert certificate.crt --key private.key',
    ],
  )
    .addOption(new Option('--config <file>', 'run the real kiosk that FILE describes').conflicts('data'))
    .option('--data <folder>', 'where the demo keeps its data', 'data')
    .option('--any-ports', 'the demo takes any free ports: for several demos on one computer', false)
    .action((options: RunOptions) => runKiosk(options).catch(fail));
  lening
    .command('monitor')
    .description('all kiosks of a street, by their own reports')
    .requiredOption('--broker <url>', 'the street’s broker', brokerUrl)
    .option('--street <name>', 'one street only', '+')
    .option('--ca <file>', 'certificate of the street’s authority')
    .option('--cert <file>', 'own certificate')
    .option('--key <file>', 'own private key')
    .option('--json', 'lines of JSON', false)
    .option('--once', 'show the street once and exit', false)
    .action((options: MonitorOptions) => runMonitor(options).catch(fail));
  return lening;
}

interface RunOptions {
  readonly config?: string;
  readonly data: string;
  readonly anyPorts: boolean;
}

async function runKiosk({ config, data, anyPorts }: RunOptions): Promise<void> {
  const shutdown = createShutdown();
  const restart = () => shutdown.stop(restartCode);
  const running =
    config === undefined
      ? await startDemoIfInstalled(data, restart, anyPorts)
      : await startConfiguredKiosk(config, restart);
  shutdown.attach(running);
}

interface MonitorOptions {
  readonly broker: string;
  readonly street: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly json: boolean;
  readonly once: boolean;
}

function brokerUrl(text: string): string {
  if (URL.canParse(text)) return text;
  throw new UsageError(`--broker ${text} is not an address such as mqtt://127.0.0.1:1883`);
}

/** Shows the kiosks of a street until a signal, or once. */
async function runMonitor({ broker, street, ca, cert, key, json, once }: MonitorOptions): Promise<void> {
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

/** Starts the demo. Its packages are optional, so they are loaded only here. */
async function startDemoIfInstalled(
  dataFolder: string,
  restart: () => void,
  takesAnyPorts: boolean,
): Promise<Running> {
  const missing = await missingPackages('aedes', 'avr8js', 'koffi', 'nrf-intel-hex');
  if (missing.length > 0) {
    process.stderr.write(
      `The demo needs packages that are not installed: ${missing.join(', ')}.\nRun: npm ci\n` +
        'A kiosk in service does not need them: lening --config FILE\n',
    );
    process.exit(1);
  }
  const { startDemo } = await import('./demo.js');
  return startDemo(dataFolder, restart, takesAnyPorts);
}

/** Returns those of the packages that are not installed. */
async function missingPackages(...names: readonly string[]): Promise<readonly string[]> {
  const isMissing = (error: unknown) =>
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  const results = await Promise.allSettled(names.map((name) => import(name)));
  return names.filter((_, at) => {
    const result = results[at];
    return result?.status === 'rejected' && isMissing(result.reason);
  });
}

async function startConfiguredKiosk(configFile: string, restart: () => void): Promise<Running> {
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
 * Handles SIGINT, SIGTERM and restarts: the first stops the program in order, locks off first; a second signal, or
 * `limits.stopMs`, ends it at once. A stop requested during the start happens after it.
 */
function createShutdown() {
  let running: Running | undefined;
  let exitCode: number | undefined;
  let stopStartedMs: number | undefined;
  const stop = (code: number) => {
    exitCode ??= code;
    if (!running || stopStartedMs !== undefined) return;
    stopStartedMs = performance.now();
    setTimeout(() => process.exit(1), limits.stopMs).unref();
    running.close().then(() => process.exit(exitCode), fail);
  };
  const onSignal = () => {
    if (stopStartedMs === undefined) stop(0);
    else if (performance.now() - stopStartedMs > limits.signalEchoMs) process.exit(1);
  };
  return {
    stop,
    attach(started: Running) {
      running = started;
      process.on('SIGINT', onSignal);
      process.on('SIGTERM', onSignal);
      if (exitCode !== undefined) stop(exitCode);
    },
  };
}

/** Writes a fault's meaning and remedy, or an unexpected error's stack, and exits with code 1. */
function fail(error: unknown): never {
  if (error instanceof Fault) process.stderr.write(explainInEnglish(error));
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

await runProgram(import.meta.url, leningCommand);
