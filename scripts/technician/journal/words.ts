import type { CheckResult, JournalFacts } from '../../../src/journal/check.js';
import type { Repair } from '../../../src/journal/repair.js';
import { padded } from '../../../src/terminal/columns.js';
import { page } from '../support/command.js';

/** What a check says. */
export function checkText(file: string, { findings, facts }: CheckResult): string {
  const verdict =
    findings.length === 0
      ? page('✓', `账本完好。The journal is whole: ${file}`)
      : findings.map((finding) => page('✗', finding)).join('') +
        page('·', '账本有损坏。先修复（repair），修复不了再恢复备份（restore）。') +
        page('·', 'Damaged. Try repair first; where that is refused, restore a backup.');
  return `${facts ? `${factsText(facts)}\n` : ''}${verdict}`;
}

function factsText({ epoch, first, last, sent, rows, bytes }: JournalFacts): string {
  const lines: readonly (readonly [name: string, value: string])[] = [
    ['epoch', epoch],
    ['事件 events', last >= first ? `${first} – ${last}` : `– （${last} 之前 before）`],
    ['已送达 sent', `${sent}`],
    ['大小 size', `${Math.ceil(bytes / 1_024)} KB`],
    ...Object.entries(rows).map(([part, count]) => [part, `${count}`] as const),
  ];
  return lines.map(([name, value]) => `  ${padded(name, 16)}${value}\n`).join('');
}

const losses: Readonly<Record<Repair['lost'], readonly [chinese: string, english: string]>> = {
  whole: ['没有丢失任何记录。', 'Nothing was lost.'],
  history: [
    '只丢了总馆已有的旧记录；柜内状态完整。',
    'Only old events are lost that the catalogue has. Lockers and loans are as they were.',
  ],
  untold: [
    '柜内状态完整，但有总馆可能没收到的记录丢失。请与总馆核对借阅。',
    'Lockers and loans are as last recorded, but events are lost that the catalogue may not have. Compare the loans with it.',
  ],
  state: [
    '最后一段记录丢失，柜内状态可能已变。请清点书柜，并与总馆核对借阅。',
    'Whatever came after the last event kept is lost. Count the lockers and compare the loans with the catalogue.',
  ],
};

/** What a repair came to. */
export function repairText({ lost, last, aside }: Repair): string {
  const [chinese, english] = losses[lost];
  const mark = lost === 'whole' || lost === 'history' ? '✓' : '✗';
  return (
    page('✓', `账本已修复，到第 ${last} 条。Repaired, up to event ${last}.`) +
    page(mark, chinese) +
    page('·', english) +
    page('·', `原文件保留在 The damaged file is kept: ${aside}`)
  );
}
