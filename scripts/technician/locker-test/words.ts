import type { Finding, Measures, Result, Waiting } from './trial.js';

const resultWords: Readonly<Record<Result, string>> = {
  ok: '正常 ok',
  'stands-open': '门一直开着 stands open',
  'did-not-open': '门没打开 did not open',
  'did-not-close': '门没关上 did not close',
  'switch-silent': '门磁无反应 switch silent',
  'switch-chatters': '门磁抖动 switch chatters',
  refused: '锁板拒绝 refused',
  unanswered: '锁板没回答 unanswered',
  'board-lost': '锁板断开 board lost',
  skipped: '跳过 skipped',
  stopped: '中断 stopped',
};

const waitingWords: Readonly<Record<Waiting, string>> = {
  'shut-first': '门开着，请先关上 it is open: shut it first',
  pulse: '请拉门 pull the door',
  open: '请开门 open the door',
  shut: '请关门 shut the door',
};

export const hint = [
  '门开了却没有 ✓：按 o 回车；跳过：s 回车；停止：Ctrl-C',
  'Open but no ✓: o Enter. Skip: s Enter. Stop: Ctrl-C.',
  '',
].join('\n');

/** What the technician is asked to do, and for how long he is waited for. */
export function asking(waiting: Waiting, waitMs: number): string {
  return `   → ${waitingWords[waiting]} (${Math.round(waitMs / 1000)} s)`;
}

export const headOf = (locker: number): string => `${locker} 号 door ${locker}`;

/** What has come to a trial's measures since `before`, a line for each. */
export function measuredLines(before: Measures, { pulseMs, openedMs, closedMs }: Measures): string[] {
  const lines: string[] = [];
  if (before.pulseMs === null && pulseMs !== null) lines.push(`   ✓ 脉冲 pulse ${pulseMs} ms`);
  if (before.openedMs === null && openedMs !== null)
    lines.push(`   ✓ 开门 opened after ${seconds(openedMs)}`);
  if (before.closedMs === null && closedMs !== null) lines.push(`   ✓ 关门 shut after ${seconds(closedMs)}`);
  return lines;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** What the technician compares with what is behind a door that is out of use, before it may be used again. */
export function withheldText({
  reason,
  item,
}: {
  readonly reason: string;
  readonly item: string | null;
}): string {
  return [
    `   ! 停用 out of use: ${reason}`,
    `   ! 账上 recorded: ${item === null ? '空 empty' : `书 book ${item}`}`,
    '   ! 不符就按 s 回车 · if that is not so: s Enter',
  ].join('\n');
}

/** The result of one locker in a line of its own. */
export function resultLine({ locker, result, reason, restored }: Finding): string {
  const back = restored ? '，恢复使用 back in use' : '';
  return `${markOf(result)} ${headOf(locker)}: ${resultWords[result]}${reason === null ? '' : ` (${reason})`}${back}`;
}

/** All findings in one picture: a table of at most 60 columns and, under it, the numbers of the bad doors. */
export function summary(findings: readonly Finding[]): string {
  const cell = (value: number | null) => (value === null ? '–' : `${Math.round(value)}`);
  const row = (
    ...[mark, door, pulse, open, shut, result]: readonly [string, string, string, string, string, string]
  ) =>
    `${mark} ${door.padStart(3)} ${pulse.padStart(6)} ${open.padStart(6)} ${shut.padStart(6)}  ${result}`.trimEnd();
  const rows = findings.map((each) =>
    row(
      markOf(each.result),
      `${each.locker}`,
      cell(each.pulseMs),
      cell(each.openedMs),
      cell(each.closedMs),
      resultWords[each.result] + (each.reason === null ? '' : ` (${each.reason})`),
    ),
  );
  const bad = findings.filter(({ result }) => result !== 'ok').map(({ locker }) => locker);
  const good = findings.length - bad.length;
  const line = '─'.repeat(58);
  return [
    line,
    '   门 脉冲ms   开ms   关ms  结果',
    '   no  pulse   open   shut  result',
    ...rows,
    line,
    bad.length === 0
      ? `✓✓✓ 全部正常 all ${good} ok`
      : `✗✗✗ ${good} 正常 ok · ${bad.length} 有问题 failed: ${bad.join(' ')}`,
    '',
  ].join('\n');
}

const markOf = (result: Result): string => (result === 'ok' ? '✓' : '✗');
