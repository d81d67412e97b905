import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { until } from './wait.js';

/** Debian installs it where only root looks for programs. */
const searchPath = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;
/** Longer than any machine takes: says only that it hangs. */
const startMs = 60_000;

/** A real Mosquitto on a loopback port of its own. */
export interface Mosquitto {
  readonly url: string;
  /** SIGKILL: connections are cut. */
  kill(): Promise<void>;
  /** SIGTERM: it disconnects its clients and saves what is persistent. */
  stop(): Promise<void>;
  /** SIGHUP: it reloads its configuration as far as that works while it runs. */
  reload(): void;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

/** Starts Mosquitto, open to everybody, without persistence: retained messages are lost when it ends. */
export async function startMosquitto(folder: string): Promise<Mosquitto> {
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  return runMosquitto(file, port, 'mqtt');
}

/** Starts Mosquitto with a configuration that listens on `port`; under root it keeps root's rights. */
export async function runMosquitto(
  file: string,
  port: number,
  protocol: 'mqtt' | 'mqtts',
): Promise<Mosquitto> {
  if (process.getuid?.() === 0) appendFileSync(file, '\nuser root\n');
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn('mosquitto', ['-c', file], { stdio: 'ignore', env: { ...process.env, PATH: searchPath } });
    await until(
      `mosquitto to listen on port ${port}`,
      async () => (await isListening(port)) || null,
      startMs,
    );
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  await start();
  return {
    url: `${protocol}://127.0.0.1:${port}`,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    reload: () => child?.kill('SIGHUP'),
  };
}

/** A loopback port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
