import type { BoardDescription, Cabinet } from '../../hardware/cabinet.js';
import { table } from './markdown.js';
import { assumed, type Load, loadsOf, locksOnMaxOf } from './power.js';

const rails = ['12 V locks', '12 V', '5 V'] as const;
const voltsOf = { '12 V locks': assumed.lockVolts, '12 V': assumed.lockVolts, '5 V': 5 } as const;

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
