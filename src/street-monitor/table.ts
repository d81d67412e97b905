import { displayWidth, padded, wrapped } from '../terminal/columns.js';
import { isOnline, type KioskStatus, type Street } from './kiosk-status.js';

/** What the table shows besides the kiosks. */
export interface TableOptions {
  readonly nowMs: number;
  /** Columns of the terminal. */
  readonly width: number;
  readonly isConnected: boolean;
  readonly broker: string;
}

const widths = [10, 9, 5, 6, 6, 8, 7];
const headings = ['书亭 kiosk', '状态', '书', '空格', '未传', '最早', '门开/?'];
const english = ['', 'state', 'books', 'empty', 'unsent', 'oldest', 'open/?'];
const headingWidth = 8;

/** The street as lines of a terminal: one for each kiosk, and one or more for each thing that is wrong. Pure. */
export function renderTable(street: Street, facts: TableOptions): string[] {
  const { width, isConnected, broker } = facts;
  const kiosks = [...street.values()];
  const online = kiosks.filter((kiosk) => isOnline(kiosk, facts.nowMs)).length;
  const time = new Date(facts.nowMs).toLocaleTimeString('zh-CN', {
    timeZone: 'Asia/Shanghai',
    hour12: false,
  });
  const link = isConnected ? broker : `连不上 no connection: ${broker}`;
  const lines = [
    `乐宁书庭  ${time}  ${online}/${kiosks.length} 在线 online  ${link}`,
    '',
    row(headings),
    row(english),
    ...kiosks.map((kiosk) => row(cellsOf(kiosk, facts.nowMs))),
    ...(kiosks.length === 0 ? ['还没有书亭的消息。 No messages of kiosks yet.'] : []),
    '',
    ...kiosks.flatMap((kiosk) => alertLines(kiosk, width)),
  ];
  return lines.map((line) => cutTo(line, width));
}

function row(cells: readonly string[]): string {
  return cells
    .map((cell, at) => padded(cell, widths[at] ?? headingWidth))
    .join(' ')
    .trimEnd();
}

function cellsOf(kiosk: KioskStatus, nowMs: number): string[] {
  const { health } = kiosk;
  const isThere = isOnline(kiosk, nowMs);
  const state = isThere ? (kiosk.alerts.length > 0 ? '● 有故障' : '● 正常') : '○ 离线';
  if (!health) return [kiosk.kiosk, state, '?', '?', '?', '?', '?'];
  const { books, emptyLockers, journal, lockers } = health;
  const doors = (door: string) => lockers.filter((each) => each.door === door).length;
  const oldest = journal.oldestUnsentS === null ? '–' : ageOf(journal.oldestUnsentS);
  return [
    kiosk.kiosk,
    state,
    String(books),
    String(emptyLockers),
    String(journal.unsent),
    isThere ? oldest : `${ageOf(Math.max(0, (nowMs - health.at) / 1_000))}前`,
    `${doors('open')}/${doors('unknown')}`,
  ];
}

/** What is wrong, with what it means and what to do; it is indented so that a photograph shows where each begins. */
function alertLines({ kiosk, alerts, health }: KioskStatus, width: number): string[] {
  const doubt = health?.trust === 'floor' ? [`! ${kiosk}  时钟不确定 clock in doubt`] : [];
  const lines = alerts.flatMap(({ code, locker, board, meaning, remedy }) => {
    const place = locker === undefined ? (board ?? '') : `${locker} 号门 door ${locker}`;
    const text = wrapped(`${meaning} → ${remedy}`, Math.max(20, width - 4));
    return [`! ${kiosk}  ${place}  ${code}`.replace(/ {3,}/, '  '), ...text.map((line) => `    ${line}`)];
  });
  return [...doubt.filter(() => !alerts.some(({ code }) => code === 'clock.in-doubt')), ...lines];
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

function cutTo(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let cut = '';
  for (const character of line) {
    if (displayWidth(cut + character) > width - 1) return `${cut}…`;
    cut += character;
  }
  return cut;
}
