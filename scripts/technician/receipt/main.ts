/** `npm run receipt`: says what a receipt for a returned book proves. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withoutAimId } from '../../../firmware-bridge/reader/classify.js';
import { Fault } from '../../../src/kernel/faults.js';
import { limits } from '../../../src/kernel/limits.js';
import {
  createKeyRing,
  type KeyRing,
  loadSigningKey,
  loadVerifyingKey,
  verifyingKeyOf,
} from '../../../src/passes/keys.js';
import { readReceipt } from '../../../src/passes/receipt.js';
import { explainFault } from '../support/explain.js';
import { proofText, refusalText } from './words.js';

const usage = `npm run receipt -- [TEXT] --key FILE [--json]

 TEXT         'LNR1:…' in single quotes; without it: scan or type it
              用单引号括起来；不写就扫码或输入
 --key FILE   the key of the kiosk it is from (PEM), public or its own
              发出凭条的书亭的钥匙（PEM）
`;

/** The ring of the one key in `file`; a kiosk's own key file serves as well, where it may be read. */
function ringFrom(file: string): KeyRing {
  try {
    const pem = readFileSync(file, 'utf8');
    const isPrivate = pem.includes('PRIVATE KEY');
    return createKeyRing([isPrivate ? verifyingKeyOf(loadSigningKey(pem)) : loadVerifyingKey(pem)]);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('pass.key-unusable', `${file} cannot be read`, { cause: error });
  }
}

/** The first line of standard input, as much of it as a receipt may have. */
async function readLine(): Promise<string> {
  if (process.stdin.isTTY) process.stdout.write('请扫凭条 Scan the receipt: ');
  let text = '';
  for await (const chunk of process.stdin) {
    text += chunk;
    if (/[\r\n]/.test(text) || text.length > limits.scanLengthBytes) break;
  }
  return text.split(/[\r\n]/)[0] ?? '';
}

/** What the command line asks for; null when it is none. Throws parseArgs' TypeError for an unknown option. */
function readTask(): { text: string | null; keyFile: string; json: boolean } | null {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const { key, json } = values;
  if (key === undefined || positionals.length > 1) return null;
  return { text: positionals[0] ?? null, keyFile: key, json };
}

async function main(): Promise<void> {
  const task = readTask();
  if (!task) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  const ring = ringFrom(task.keyFile);
  const { code } = withoutAimId((task.text ?? (await readLine())).trim());
  const read = readReceipt(code, ring);
  const text = read.ok ? proofText(read.value) : refusalText(read.reason);
  process.stdout.write(task.json ? `${JSON.stringify(read)}\n` : text);
  process.exitCode = read.ok ? 0 : 1;
}

await main().catch((error: unknown) => {
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) process.stderr.write(`${error.message}\n${usage}`);
  else throw error;
  process.exitCode = error instanceof Fault ? 1 : 2;
});
