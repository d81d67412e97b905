/** `npm run receipt`: says what a receipt for a returned book proves. */
import { readFileSync } from 'node:fs';
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
import type { Command } from '../../../src/terminal/command.js';
import { runTechnicianTool, technicianCommand } from '../support/command.js';
import { proofText, refusalText } from './words.js';

/** The command line of `npm run receipt`. */
export function receiptCommand(): Command {
  const summary = '凭条证明什么。Shows what a receipt for a returned book proves.';
  return technicianCommand('receipt', summary, ["npm run receipt -- 'LNR1:…' --key jn-01.pem"])
    .argument('[text]', '用单引号括起来；不写就扫码或输入 in single quotes; without it, scan or type it')
    .requiredOption(
      '--key <file>',
      '发出凭条的书亭的钥匙（PEM） the key of the kiosk it is from (PEM), public or its own',
    )
    .option('--json', 'JSON 格式 as JSON', false)
    .action(showReceipt);
}

async function showReceipt(
  text: string | undefined,
  { key, json }: { readonly key: string; readonly json: boolean },
): Promise<void> {
  const ring = ringFrom(key);
  const { code } = withoutAimId((text ?? (await readLine())).trim());
  const read = readReceipt(code, ring);
  const words = read.ok ? proofText(read.value) : refusalText(read.reason);
  process.stdout.write(json ? `${JSON.stringify(read)}\n` : words);
  if (!read.ok) process.exitCode = 1;
}

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

await runTechnicianTool(import.meta.url, receiptCommand);
