import type { KerongBoard } from '../../hardware/cabinet.js';
import { box, contact, type Drawn, dot, drawing, ground, wire, words } from './svg.js';

const x = {
  usb: 60,
  boardLeft: 380,
  boardRight: 600,
  lock: 740,
  coil: 760,
  hook: 862,
  lockEnd: 920,
  doors: 950,
} as const;
const rows = { top: 110, bottom: 780 } as const;

/** The wiring of one Kerong board on one A4 sheet. */
export function kerongSheet(cabinet: string, board: KerongBoard): string {
  const title = `${cabinet} · ${board.board} · Kerong ${board.dialect.toUpperCase()}`;
  const sorted = [...board.lockers].sort((a, b) => a.lock - b.lock);
  const step = (rows.bottom - rows.top) / sorted.length;
  return drawing(title, [
    box(
      { x: x.boardLeft, y: rows.top - 30 },
      x.boardRight - x.boardLeft,
      rows.bottom - rows.top + 36,
      'board',
    ),
    words(
      `Kerong ${board.dialect.toUpperCase()}`,
      { x: (x.boardLeft + x.boardRight) / 2, y: rows.top - 14 },
      'head mid',
    ),
    words('锁口 socket', { x: x.boardRight - 8, y: rows.top - 1 }, 'small end'),
    words('线圈 coil', { x: x.coil + 4, y: rows.top - 8 }, 'head'),
    words('反馈 feedback', { x: x.hook - 20, y: rows.top - 8 }, 'head'),
    ...sorted.map(({ locker, lock }, at) => drawLock(locker, lock, rows.top + (at + 0.5) * step, step)),
    ...feeds(board),
  ]);
}

/** One lock: a cable to a coil and a contact. */
function drawLock(locker: number, lock: number, y: number, step: number): Drawn {
  const outer = Math.min(step * 0.8, 22);
  const inner = Math.min(step * 0.5, 14);
  return [
    words(`${lock}`, { x: x.boardRight - 8, y: y + 4 }, 'pin end'),
    wire({ x: x.boardRight, y }, [x.lock - x.boardRight]),
    box({ x: x.lock, y: y - outer / 2 }, x.lockEnd - x.lock, outer),
    box({ x: x.coil, y: y - inner / 2 }, 60, inner),
    contact({ x: x.hook, y: y + 1 }, false, inner / 2),
    words(`${locker} 号门 door ${locker}`, { x: x.doors, y: y + 4 }),
  ];
}

function feeds({ address, hookBit }: KerongBoard): Drawn[] {
  const into = (y: number, kind: string) => wire({ x: x.usb + 150, y }, [x.boardLeft - x.usb - 150], kind);
  const at = x.boardLeft + 8;
  return [
    box({ x: x.usb, y: 150 }, 150, 60),
    words('树莓派 Raspberry Pi', { x: x.usb + 75, y: 176 }, 'head mid'),
    words('USB → RS-485, 19 200 8N1', { x: x.usb + 75, y: 196 }, 'small mid'),
    into(168, 'wire'),
    words('A', { x: at, y: 172 }, 'pin'),
    into(188, 'wire'),
    words('B', { x: at, y: 192 }, 'pin'),
    words('双绞线 twisted pair', { x: x.usb + 165, y: 160 }, 'small'),
    box({ x: x.usb, y: 290 }, 150, 60),
    words('12 V', { x: x.usb + 75, y: 324 }, 'head mid'),
    into(306, 'plus'),
    box({ x: x.usb + 200, y: 301 }, 40, 10),
    words('F1', { x: x.usb + 220, y: 296 }, 'small mid'),
    words('+', { x: at, y: 310 }, 'pin'),
    into(334, 'ground'),
    words('−', { x: at, y: 338 }, 'pin'),
    dot({ x: x.usb + 170, y: 334 }),
    ground({ x: x.usb + 170, y: 334 }),
    words('与 RS-485 转换器共地 common with the RS-485 adapter', { x: x.usb, y: 378 }, 'small'),
    words(`地址拨码 address switches: ${address}`, { x: x.usb, y: 440 }, 'head'),
    words(`状态位 1 = ${hookBit === 'locked' ? '锁上' : '打开'} · status bit 1 = ${hookBit}`, {
      x: x.usb,
      y: 462,
    }),
    words('续流二极管在控制板上（请查手册）', { x: x.usb, y: 500 }, 'small'),
    words('flyback diodes are the board’s own: see its manual', { x: x.usb, y: 514 }, 'small'),
    words('每把锁一根线：线圈与反馈触点', { x: x.usb, y: 540 }, 'small'),
    words('one cable per lock: coil and feedback contact', { x: x.usb, y: 554 }, 'small'),
  ];
}
