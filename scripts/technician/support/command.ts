import { type Fault, type FaultCode, faultCatalogue } from '../../../src/kernel/faults.js';
import { wrapped } from '../../../src/terminal/columns.js';
import { type Command, createCommand, runProgram } from '../../../src/terminal/command.js';

/** Wide enough for what is to be said, narrow enough to be read on a photo of the screen. */
export const pageColumns = 60;

/** What a technician does about the faults he meets, in Chinese; the catalogue has the English. */
const chinese: Partial<Record<FaultCode, string>> = {
  'port.busy': '串口被别的程序占用。如果是书亭程序，先把它停下，再试一次。',
  'port.unavailable': '打不开串口。检查 USB 线和串口名称。',
  'port.lost': '串口断开了。检查 USB 线和电源。',
  'board.silent': '串口打开了，但没有设备回答。检查电源、接线和串口名称。',
  'board.foreign': '这个串口上不是所描述的锁板。改正串口名称；Mega 要烧录本版固件；Kerong 要核对协议和地址。',
  'board.lost': '锁板没有回答。检查 USB 线和锁板电源。',
  'board.disagrees': '锁板与柜体描述不一致。核对接线，烧录本版固件。',
  'certificates.failed': '证书没有做成。看上面的原因；常见的是目录不对、写不进去，或没有安装 openssl。',
  'config.invalid': '配置文件有错，请按提示改正。',
  'pass.key-unusable': '钥匙文件不能用。检查文件名；要的是书亭的 Ed25519 钥匙（PEM）。',
  'journal.damaged':
    '账本文件损坏：存储卡丢了数据。先用 npm run journal 的 repair，不行再 restore；换掉存储卡。',
  'journal.foreign': '这不是书亭的账本，或者是更新版本写的。核对文件名和程序版本。',
  'journal.rights': '账本属于别的用户。请以书亭程序的用户身份运行。',
  'journal.write': '账本写不进去。检查存储卡的空间和好坏。',
  'journal.backup': '备份不成。检查第二存储是否插好、挂载、可写、有空间。',
  'journal.busy': '书亭程序正在使用账本。先把它停下，再试一次。',
};

/** A fault as a technician reads it: what happened, what it means, and what to do, in both languages. */
export function explainFault({ code, message }: Fault): string {
  const { meaning, remedy } = faultCatalogue[code];
  const detail = message.replace(`${code}: `, '');
  const inChinese = chinese[code];
  const paragraphs = [detail, ...(inChinese === undefined ? [] : [inChinese]), `${meaning} ${remedy}`];
  return page('✗', ...paragraphs);
}

/** Paragraphs as lines that fit a photo of the screen; `mark` stands before the first. */
export function page(mark: '✓' | '✗' | '·', ...paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap((text) => wrapped(text, pageColumns - 2));
  return lines.map((line, at) => `${at === 0 ? mark : ' '} ${line}\n`).join('');
}

/** The command line of a technician's tool, `npm run NAME --`; its help fits a photo of the screen. */
export function technicianCommand(name: string, summary: string, examples: readonly string[]): Command {
  return createCommand(`npm run ${name} --`, summary, examples, pageColumns);
}

/** Runs a technician's tool if Node was started with the module at `moduleUrl`; faults are worded in both languages. */
export function runTechnicianTool(moduleUrl: string, create: () => Command): Promise<void> {
  return runProgram(moduleUrl, create, explainFault);
}
