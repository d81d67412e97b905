import type { MegaBoard } from '../../hardware/cabinet.js';
import { detailsOf } from './details.js';
import { type MegaPin, megaPin } from './mega-header.js';
import { box, contact, type Drawn, diode, dot, drawing, ground, label, line, wire, words } from './svg.js';

/** Where things stand on the sheet, from left to right: switches, the Mega, relays, coils. */
const x = {
  ground: 48,
  contact: 210,
  boardLeft: 340,
  boardRight: 560,
  relay: 640,
  bus: 704,
  relayEnd: 730,
  coil: 850,
  coilEnd: 930,
  return: 1140,
} as const;
const rows = { top: 88, bottom: 610 } as const;

/** One pin with what hangs on it, or the heading of a strip. */
type Row =
  | { readonly kind: 'strip'; readonly text: string }
  | { readonly kind: 'switch'; readonly at: MegaPin; readonly text: string; readonly isClosed: boolean }
  | { readonly kind: 'lock'; readonly at: MegaPin; readonly relay: string; readonly locker: number };

/** The wiring of one Mega on one A4 sheet. */
export function megaSheet(cabinet: string, board: MegaBoard): string {
  const left = byStrip(switchRows(board));
  const right = byStrip(lockRows(board));
  const step = (rows.bottom - rows.top) / Math.max(left.length, right.length);
  const yOf = (at: number) => rows.top + (at + 0.5) * step;
  const title = `${cabinet} · ${board.board} · Arduino Mega 2560`;
  return drawing(title, [
    box(
      { x: x.boardLeft, y: rows.top - 24 },
      x.boardRight - x.boardLeft,
      rows.bottom - rows.top + 30,
      'board',
    ),
    words('Arduino Mega 2560', { x: (x.boardLeft + x.boardRight) / 2, y: rows.top - 8 }, 'head mid'),
    words('USB → 树莓派 Pi', { x: (x.boardLeft + x.boardRight) / 2, y: rows.bottom }, 'small mid'),
    ...rails(),
    ...left.map((row, at) => drawLeft(row, yOf(at), step)),
    ...right.map((row, at) => drawRight(row, yOf(at), step)),
    ...detailsOf(board),
  ]);
}

function rails(): Drawn[] {
  const bottom = rows.bottom + 4;
  const vertical = (at: number, kind: string) =>
    wire({ x: at, y: rows.top - 4 }, [0, bottom + 4 - rows.top], kind);
  return [
    vertical(x.ground, 'ground'),
    words('GND 地', { x: x.ground - 12, y: rows.top - 12 }, 'head'),
    ground({ x: x.ground, y: bottom }),
    words('门磁与传感器 switches', { x: x.contact - 50, y: rows.top - 12 }, 'head'),
    vertical(x.bus, 'plus'),
    words('+12 V 经保险丝 fused (F1)', { x: x.bus, y: rows.top - 12 }, 'head red mid'),
    vertical(x.return, 'ground'),
    words('0 V', { x: x.return, y: rows.top - 12 }, 'head mid'),
    words('锁线圈 lock coils', { x: x.coil, y: rows.top - 12 }, 'head'),
  ];
}

function switchRows({ lockers }: MegaBoard): Row[] {
  return lockers.flatMap(({ locker, doorPin, doorSwitch, itemPin, itemSwitch }) => {
    const isShutClosed = doorSwitch === 'closed-when-shut';
    const door = { at: megaPin(doorPin), text: `${locker} 号门 door ${locker}`, isClosed: isShutClosed };
    if (itemPin === undefined) return [{ kind: 'switch', ...door }];
    const isClosed = itemSwitch === 'closed-when-present';
    const item = { at: megaPin(itemPin), text: `${locker} 号书 item ${locker}`, isClosed };
    return [
      { kind: 'switch', ...door },
      { kind: 'switch', ...item },
    ];
  });
}

function lockRows({ lockers }: MegaBoard): Row[] {
  return lockers.map(({ locker, lockPin }, at) => ({
    kind: 'lock',
    at: megaPin(lockPin),
    relay: `K${at + 1}`,
    locker,
  }));
}

/** Sorts pins as they stand on the Mega, and puts a heading before each strip. */
function byStrip(pins: readonly Row[]): Row[] {
  const numberOf = (row: Row) => (row.kind === 'strip' ? 0 : row.at.pin);
  const sorted = [...pins].sort((a, b) => numberOf(a) - numberOf(b));
  let strip = '';
  return sorted.flatMap((row): Row[] => {
    if (row.kind === 'strip' || row.at.header === strip) return [row];
    strip = row.at.header;
    return [{ kind: 'strip', text: strip }, row];
  });
}

function drawLeft(row: Row, y: number, step: number): Drawn {
  if (row.kind === 'strip') return words(row.text, { x: x.boardLeft + 8, y: y + 4 }, 'head');
  if (row.kind === 'lock') return null;
  return [
    dot({ x: x.ground, y }),
    wire({ x: x.ground, y }, [x.contact - x.ground]),
    wire({ x: x.contact + 28, y }, [x.boardLeft - x.contact - 28]),
    contact({ x: x.contact, y }, row.isClosed, step * 0.4),
    label(row.text, { x: x.ground + 16, y }),
    words(row.at.label, { x: x.boardLeft + 8, y: y + 4 }, 'pin'),
  ];
}

function drawRight(row: Row, y: number, step: number): Drawn {
  if (row.kind === 'strip') return words(row.text, { x: x.boardRight - 8, y: y + 4 }, 'head end');
  if (row.kind === 'switch') return null;
  const height = step * 0.46;
  return [
    words(row.at.label, { x: x.boardRight - 8, y: y + 4 }, 'pin end'),
    wire({ x: x.boardRight, y }, [x.relay - x.boardRight]),
    box({ x: x.relay, y: y - step * 0.42 }, x.relayEnd - x.relay, step * 0.84),
    words(row.relay, { x: x.relay + 8, y: y + 3.5 }, step < 14 ? 'small' : 'pin'),
    wire({ x: x.bus, y: y - step * 0.5 }, [0, step], 'plus'),
    dot({ x: x.bus, y }, 'red'),
    line([
      { x: x.bus, y },
      { x: x.relayEnd - 8, y: y - step * 0.3 },
    ]),
    wire({ x: x.relayEnd - 6, y }, [x.coil + 6 - x.relayEnd]),
    coil(y, step),
    wire({ x: x.coilEnd, y }, [x.return - x.coilEnd]),
    dot({ x: x.return, y }),
    box({ x: x.coil, y: y - height / 2 }, x.coilEnd - x.coil, height),
    label(`${row.locker} 号锁 lock ${row.locker}`, { x: x.coilEnd + 40, y }),
  ];
}

/** The diode across a coil: its cathode to the plus side. */
function coil(y: number, step: number): Drawn {
  const above = y - step * 0.46;
  const before = x.coil - 14;
  const after = x.coilEnd + 14;
  return [
    wire({ x: before, y }, [0, above - y, after - before, y - above]),
    dot({ x: before, y }),
    dot({ x: after, y }),
    diode({ x: (before + after) / 2, y: above }, step * 0.3),
  ];
}
