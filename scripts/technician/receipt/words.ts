import type { Receipt, ReceiptRefusal } from '../../../src/passes/receipt.js';
import { padded, wrapped } from '../../../src/terminal/columns.js';
import { pageColumns } from '../support/explain.js';

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
  return page('✓', [
    '凭条有效 the receipt is genuine',
    ...rows.map(([name, value]) => `${padded(name, 18)} ${value}`),
    ...what,
    '凭条不说明是谁还的。 It does not say who brought it.',
  ]);
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
  page('✗', ['凭条无效 it proves nothing', ...refusalWords[why]]);

function page(mark: string, paragraphs: readonly string[]): string {
  const lines = paragraphs.flatMap((text) => wrapped(text, pageColumns - 2));
  return lines.map((line, at) => `${at === 0 ? mark : ' '} ${line}\n`).join('');
}
