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
import { type Receipt, type ReceiptRefusal, readReceipt } from '../../../src/passes/receipt.js';
import { padded } from '../../../src/terminal/columns.js';
import type { Command } from '../../../src/terminal/command.js';
import { page, runTechnicianTool, technicianCommand } from '../support/command.js';

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

const time = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** What a genuine receipt proves, on a page that fits a photo of the screen. */
export function proofText({ kiosk, item, at, trust, epoch, visit }: Receipt): string {
  const when = `${time.format(at)} (Asia/Shanghai)`;
  const rows: readonly (readonly [string, string])[] = [
    ['书亭 kiosk', kiosk],
    ['图书 item', item],
    trust === 'trusted' ? ['时间 time', when] : ['不早于 not before', when],
    ['账本 journal', epoch],
    ['第几次 visit', String(visit)],
  ];
  const what =
    trust === 'trusted'
      ? ['这本书当时已放入这个书亭。', 'This item was put into this kiosk then.']
      : [
          '这本书已放入这个书亭；当时时钟不准，实际不会更早。',
          'This item was put into this kiosk; its clock was not certain, so then or later.',
        ];
  return page(
    '✓',
    '凭条有效 the receipt is genuine',
    ...rows.map(([name, value]) => `${padded(name, 18)} ${value}`),
    ...what,
    '凭条不说明是谁还的。 It does not say who brought it.',
  );
}

const refusalWords: Readonly<Record<ReceiptRefusal, readonly string[]>> = {
  'receipt-unreadable': [
    '这不是还书凭条，或者没有读全。',
    'This is no receipt, or part of it is missing. On a command line it stands between single quotes.',
  ],
  'receipt-forged': [
    '不是用这把钥匙签的：是别的书亭的凭条，或被改过，或是伪造的。',
    'Not signed with this key: a receipt of another kiosk, a changed one, or a false one.',
  ],
};

/** Why a text proves nothing. */
export const refusalText = (why: ReceiptRefusal): string =>
  page('✗', '凭条无效 it proves nothing', ...refusalWords[why]);

await runTechnicianTool(import.meta.url, receiptCommand);
