import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startProgram } from '../support/program.js';
import { type Harness, openPorts, type Ports, within } from './harness.js';

const program = new URL('bare-program.js', import.meta.url);
/** So that a line is as long as a kiosk's pass: 86 characters of it are the signature. */
const payloadChars = 105;

/** The bare program between the bench's ports. */
export async function startBareHarness(folder: string): Promise<Harness> {
  const ports = openPorts();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const args = [ports.reader.path, ports.board.path, join(folder, 'bare.db'), pem];
  const child = startProgram(program, args);
  await child.says('ready');
  const nextFrame = framesOf(ports);
  let scans = 0;
  return {
    async scan(gapMs) {
      scans += 1;
      const line = signedLine(scans, privateKey);
      const frame = nextFrame();
      await wait(gapMs);
      const presentedMs = ports.present(line);
      return ((await within('the unlock', frame)) - presentedMs) * 1_000;
    },
    async stop() {
      await child.end('SIGTERM');
      await ports.close();
    },
  };
}

/** Makes promises of the time at which the next frame's first byte arrives. */
function framesOf(ports: Ports): () => Promise<number> {
  let arrived: (atMs: number) => void = () => undefined;
  ports.onBoardBytes((bytes, atMs) => {
    if (bytes.includes(0xf0)) arrived(atMs);
  });
  return () =>
    new Promise((resolve) => {
      arrived = resolve;
    });
}

function signedLine(scan: number, privateKey: KeyObject): string {
  const payload = `scan ${scan} `.padEnd(payloadChars, 'x');
  return `${payload}.${sign(null, Buffer.from(payload), privateKey).toString('base64url')}`;
}
