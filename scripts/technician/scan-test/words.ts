import type { Foreign, Scan } from '../../../firmware-bridge/reader/classify.js';
import { page } from '../support/command.js';
import type { ScanReport } from './scan-report.js';

const foreignWords: Readonly<Record<Foreign, string>> = {
  'wechat-pay': '微信付款码 WeChat Pay code',
  alipay: '支付宝付款码 Alipay code',
  unionpay: '银联付款码 UnionPay code',
  url: '网址 a web link',
  unknown: '不认识，或校验位不对 none of ours, or a wrong check digit',
};

/** What the kiosk takes a code for. */
export function meaningOf(scan: Scan): string {
  switch (scan.kind) {
    case 'pass':
      return '借书码 a resident’s pass (not checked here)';
    case 'staff':
      return '工作人员码 a staff code (not checked here)';
    case 'receipt':
      return '还书凭条 a receipt for a returned book';
    case 'locker':
      return `${scan.locker} 号门的码 the code of door ${scan.locker}`;
    case 'item':
      return `馆藏条码 a book: ${scan.item}`;
    case 'card':
      return `借书证 a library card, …${scan.card.slice(-4)}`;
    case 'title':
      return `书号 an ISBN (names a title, no copy): ${scan.isbn}`;
    case 'foreign':
      return foreignWords[scan.what];
  }
}

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', timeStyle: 'medium' });

/** One scan in a few lines that fit a photo of the screen. */
export function scanReportText(
  number: number,
  { bytes, hex, text, aimId, symbology, scan }: ScanReport,
): string {
  const mark = scan.kind === 'foreign' ? '✗' : '✓';
  const kind = aimId === null ? '没有 AIM 标识 no AIM id' : `${aimId} ${symbology}`;
  const lines = [
    `${clock.format()}  #${number}  ${bytes} B  ${kind}`,
    meaningOf(scan),
    ...(text === null ? [] : [printable(text)]),
    hex,
  ];
  return page(mark, ...lines);
}

/** Control characters would do something to the terminal. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u2e80-\uffef…]/g, '·');
}

export const greeting = (path: string, baudRate: number): string =>
  `${path} ${baudRate} Bd\n请扫码 Scan something. 停止 Stop: Ctrl-C\n\n`;

export const noiseText = (bytes: number): string =>
  `✗ 杂音 noise: ${bytes} B\n  检查波特率和线 check baud rate and cable\n`;

export const repeatText = '  重复 the same code again\n';

/** What was seen in all. */
export function summaryText(seen: {
  scans: number;
  foreign: number;
  repeats: number;
  noiseBytes: number;
}): string {
  return [
    '',
    `扫到 scans       ${seen.scans}`,
    `其中外来 foreign ${seen.foreign}`,
    `重复 repeats     ${seen.repeats}`,
    `杂音 noise       ${seen.noiseBytes} B`,
    '',
  ].join('\n');
}
