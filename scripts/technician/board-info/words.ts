import type {
  DoorState,
  ItemState,
  MegaInspection,
  Readiness,
} from '../../../firmware-bridge/board/index.js';
import type { Fault } from '../../../src/kernel/faults.js';
import type { BoardId } from '../../../src/kernel/ids.js';
import { padded, wrapped } from '../../../src/terminal/columns.js';
import { explainFault, pageColumns } from '../support/command.js';

/** Who was found on a board's port. */
export type Survey = { readonly board: BoardId; readonly path: string } & (
  | { readonly kind: 'mega-2560'; readonly inspection: MegaInspection }
  | { readonly kind: 'kerong'; readonly readiness: Readiness }
  /** Nobody, or somebody else, or the port could not be had. */
  | { readonly kind: 'fault'; readonly fault: Fault }
);

const headColumns = 22;

const causes = [
  [1, '上电 power-on'],
  [2, '外部复位 reset button, or the port was opened'],
  [4, '欠压 brown-out: check the 5 V supply'],
  [8, '看门狗 watchdog: the program hung'],
] as const;

/** The bits of MCUSR in words. */
export function resetCauseWords(bits: number): string {
  const words = causes.filter(([bit]) => (bits & bit) !== 0).map(([, cause]) => cause);
  return words.length === 0 ? '不明 unknown (the boot loader cleared it)' : words.join('; ');
}

/** Seconds as days, hours and minutes, as many as are needed. */
export function durationWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const first = Math.max(
    0,
    parts.findIndex(([value]) => value > 0),
  );
  const shown = seconds === 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return shown.map(([value, unit]) => `${value} ${unit}`).join(' ');
}

/** What was found on one port, in lines of at most `pageColumns`. */
export function surveyText(survey: Survey): string {
  const head = wrapped(`锁板 board ${survey.board}: ${survey.path}`, pageColumns - 2);
  if (survey.kind === 'fault')
    return `✗ ${head.join('\n  ')}\n${explainFault(survey.fault).replace('✗', ' ')}`;
  const rows = survey.kind === 'kerong' ? kerongRows(survey.readiness) : megaRows(survey.inspection);
  return `✓ ${head.join('\n  ')}\n${rows.map(([name, text]) => row(name, text)).join('')}`;
}

function row(name: string, text: string): string {
  const lines = wrapped(text, pageColumns - headColumns);
  return lines.map((line, at) => `  ${padded(at === 0 ? name : '', headColumns - 2)}${line}\n`).join('');
}

type Row = readonly [name: string, text: string];

const settingsWords: Readonly<Record<MegaInspection['settings'], string>> = {
  equal: '✓ 相同 equal to the description',
  different: '✗ 不同 different: the kiosk writes its own when it starts',
  none: '– 尚无 none yet: the kiosk writes them when it starts',
};

function megaRows({ firmware, welcome, status, settings, lockers }: MegaInspection): readonly Row[] {
  const { bootId, uptimeS, locksOn, badFrames, ignoredWrites, guardTrips, rxOverruns } = status;
  const all = [...lockers];
  return [
    ['固件 firmware', `${firmware}, protocol ${welcome.protocol}`],
    ['启动 boot', `no. ${bootId}`],
    ['原因 reset by', resetCauseWords(status.resetCause)],
    ['运行 uptime', durationWords(uptimeS)],
    ['设置 settings', settingsWords[settings]],
    ['通电的锁 locks on', `${locksOn}`],
    ['坏帧 bad frames', `${badFrames}`],
    ['忽略 ignored writes', `${ignoredWrites}`],
    ['护锁 guard trips', `${guardTrips}`],
    ['溢出 overruns', `${rxOverruns}`],
    ['余内存 free RAM', `${status.freeRam} bytes at least`],
    ['主循环 loop', `${status.loopMaxUs} µs at most`],
    ...(settings === 'equal'
      ? doorRows(all.map(([locker, { door, chatters }]) => [locker, chatters ? 'chatters' : door]))
      : []),
    ...(settings === 'equal' ? itemRows(all.map(([locker, { item }]) => [locker, item])) : []),
  ];
}

function kerongRows({
  firmware,
  doors,
}: {
  readonly firmware: string;
  readonly doors: ReadonlyMap<number, DoorState>;
}): readonly Row[] {
  return [['固件 firmware', firmware], ...doorRows([...doors])];
}

function doorRows(doors: readonly (readonly [number, DoorState | 'chatters'])[]): readonly Row[] {
  return [
    ['门开 doors open', listOf(doors, 'open')],
    ['门关 doors shut', listOf(doors, 'closed')],
    ['不明 unknown', listOf(doors, 'unknown')],
    ['抖动 chattering', listOf(doors, 'chatters')],
  ];
}

/** Nothing where no sensor has seen anything: there are none, most likely. */
function itemRows(items: readonly (readonly [number, ItemState])[]): readonly Row[] {
  if (items.every(([, item]) => item === 'unknown')) return [];
  return [
    ['有书 items in', listOf(items, 'present')],
    ['无书 no item', listOf(items, 'absent')],
  ];
}

function listOf<State>(states: readonly (readonly [number, State])[], wanted: State): string {
  return ranges(states.filter(([, state]) => state === wanted).map(([locker]) => locker));
}

/** Numbers as a reader likes them: `1-3 7`. */
export function ranges(numbers: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.last === number - 1) run.last = number;
    else runs.push({ first: number, last: number });
  }
  if (runs.length === 0) return '–';
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
}
