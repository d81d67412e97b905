import type { BoardDescription, Cabinet } from '../../hardware/cabinet.js';
import { displayWidth, padded } from '../../src/terminal/columns.js';

/** Currents that no description knows. They are on the high side of usual parts; data sheets of yours go before them. */
const assumed = {
  lockVolts: 12,
  coilA: 2,
  /** One relay of a 5 V module, with the light of its input. */
  relayA: 0.08,
  megaA: 0.1,
  /** The Mega's weakest pull-up at 5 V, for each closed switch. */
  switchA: 0.00025,
  kerongA: 0.1,
  /** A Pi 4 at full load, without what hangs on its USB. */
  piA: 1.5,
  readerA: 0.3,
  screenW: 12,
  /** What a supply may be loaded with at most when all is at its worst. */
  loadMax: 0.6,
  supplyEfficiency: 0.85,
} as const;

/** One consumer of a cabinet at its worst. */
export interface Load {
  readonly what: string;
  readonly rail: '12 V locks' | '12 V' | '5 V';
  readonly amperes: number;
  /** How the figure comes about. */
  readonly because: string;
}

/** What a cabinet draws at its worst: every lock on that may be on, every switch closed. */
function loadsOf({ boards }: Cabinet): readonly Load[] {
  return [
    ...boards.flatMap(loadsOfBoard),
    {
      what: 'Raspberry Pi',
      rail: '5 V',
      amperes: assumed.piA,
      because: 'a Pi 4 at full load, assumed',
    },
    { what: 'barcode reader', rail: '5 V', amperes: assumed.readerA, because: 'assumed, lit and reading' },
    {
      what: 'screen',
      rail: '12 V',
      amperes: assumed.screenW / assumed.lockVolts,
      because: `${assumed.screenW} W assumed`,
    },
  ];
}

/** How many coils of a board can be on at once. The driver of a Kerong board asks for one lock after another. */
function locksOnMaxOf(board: BoardDescription): number {
  return board.kind === 'kerong' ? 1 : board.locksOnMax;
}

function loadsOfBoard(board: BoardDescription): Load[] {
  const locksOn = locksOnMaxOf(board);
  const coils: Load = {
    what: `coils of ${board.board}`,
    rail: '12 V locks',
    amperes: locksOn * assumed.coilA,
    because: `${locksOn} on at once × ${assumed.coilA} A`,
  };
  if (board.kind === 'kerong') {
    const own = { what: `lock board ${board.board}`, rail: '12 V locks', amperes: assumed.kerongA } as const;
    return [coils, { ...own, because: 'assumed, without coils' }];
  }
  const switches = board.lockers.length + board.lockers.filter(({ itemPin }) => itemPin !== undefined).length;
  const mega: Load = {
    what: `Mega ${board.board}`,
    rail: '5 V',
    amperes: assumed.megaA + switches * assumed.switchA,
    because: `${assumed.megaA} A + ${switches} switches × ${assumed.switchA * 1000} mA; from the Pi’s USB`,
  };
  const relays: Load = {
    what: `relays of ${board.board}`,
    rail: '5 V',
    amperes: locksOn * assumed.relayA,
    because: `${locksOn} on at once × ${assumed.relayA * 1000} mA`,
  };
  return [coils, mega, relays];
}

const rails = ['12 V locks', '12 V', '5 V'] as const;
const voltsOf = { '12 V locks': assumed.lockVolts, '12 V': assumed.lockVolts, '5 V': 5 } as const;

/** A Markdown table whose columns line up in the source too. Chinese characters count as two. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map(displayWidth)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What a cabinet's supplies have to bear, as Markdown, with all that was assumed. */
export function powerBudget(cabinet: Cabinet): string {
  const loads = loadsOf(cabinet);
  const used = rails.filter((rail) => loads.some((load) => load.rail === rail));
  const consumers = used.flatMap((rail) => loads.filter((load) => load.rail === rail).map(row));
  const watts = sum(loads.map(({ rail, amperes }) => voltsOf[rail] * amperes));
  return [
    table(['Rail', 'Consumer', 'At most', 'Because'], consumers),
    table(
      ['Rail', 'Sum', 'Supply of at least', 'Because'],
      used.map((rail) => railRow(rail, loads)),
    ),
    `In all ${watts.toFixed(0)} W while a lock is on, ${(watts / assumed.supplyEfficiency).toFixed(0)} W from the mains ` +
      `(supplies ${assumed.supplyEfficiency * 100} % efficient, assumed).`,
    ...cabinet.boards.map(coilDuty),
    `Assumed, not measured: a coil of ${assumed.lockVolts} V and ${assumed.coilA} A; take yours from its data sheet ` +
      'and compute again.',
  ].join('\n\n');
}

function row({ rail, what, amperes, because }: Load): string[] {
  return [rail, what, `${amperes.toFixed(2)} A`, because];
}

function railRow(rail: Load['rail'], loads: readonly Load[]): string[] {
  const amperes = sum(loads.filter((load) => load.rail === rail).map((load) => load.amperes));
  const isPulsed = rail === '12 V locks';
  const needed = isPulsed ? amperes / assumed.loadMax : amperes * 1.2;
  const because = isPulsed
    ? `coils load it to ${assumed.loadMax * 100} % at most, so that a pulse does not pull it down`
    : 'a fifth to spare';
  return [rail, `${amperes.toFixed(2)} A`, `${needed.toFixed(1)} A`, because];
}

/** What one coil has to stand when its door is tried as often as the board allows. */
function coilDuty(board: BoardDescription): string {
  const { board: name } = board;
  if (board.kind === 'kerong')
    return `The lock board \`${name}\` times its coils itself; their duty is its maker’s.`;
  const { longPulseMs, restMs } = board.coil;
  const duty = Math.round((100 * longPulseMs) / (longPulseMs + restMs));
  return (
    `A coil of \`${name}\` is on for ${longPulseMs} ms and then off for ${restMs} ms at the worst: ` +
    `its data sheet has to allow ${duty} % duty at ${longPulseMs} ms. Locks of the board on at once: ${locksOnMaxOf(board)}.`
  );
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
