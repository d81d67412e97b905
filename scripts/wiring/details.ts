import type { MegaBoard } from '../../hardware/cabinet.js';
import { box, contact, type Drawn, diode, dot, ground, line, type Place, wire, words } from './svg.js';

const top = 646;

/** The foot of a Mega's sheet: supplies, one lock and one switch drawn in full. */
export function detailsOf(board: MegaBoard): Drawn[] {
  return [
    ...supplies({ x: 36, y: top }),
    ...lockDetail({ x: 490, y: top }, board),
    ...switchDetail({ x: 895, y: top }),
  ];
}

/** Mains to 12 V and 5 V, each with its fuse; what hangs on them. */
function supplies({ x, y }: Place): Drawn[] {
  const chain = (dy: number, from: string, fuse: string, to: string, kind: string) => [
    box({ x: x + 84, y: y + dy - 12 }, 62, 24),
    words(from, { x: x + 115, y: y + dy + 4 }, 'head mid'),
    wire({ x: x + 146, y: y + dy }, [104], kind),
    box({ x: x + 176, y: y + dy - 5 }, 34, 10),
    words(fuse, { x: x + 193, y: y + dy - 9 }, 'small mid'),
    words(to, { x: x + 256, y: y + dy + 4 }),
  ];
  return [
    words('电源 supplies', { x, y: y + 6 }, 'head'),
    box({ x, y: y + 24 }, 56, 100),
    words('市电', { x: x + 28, y: y + 66 }, 'mid'),
    words('mains, RCD', { x: x + 28, y: y + 82 }, 'small mid'),
    wire({ x: x + 56, y: y + 40 }, [28]),
    wire({ x: x + 56, y: y + 108 }, [28]),
    ...chain(40, '12 V', 'F1', '继电器触点 relay contacts', 'plus'),
    wire({ x: x + 160, y: y + 40 }, [0, 34, 90], 'plus'),
    box({ x: x + 176, y: y + 69 }, 34, 10),
    words('F2', { x: x + 193, y: y + 65 }, 'small mid'),
    words('屏幕 screen', { x: x + 256, y: y + 78 }),
    ...chain(108, '5 V', 'F3', '树莓派 Pi，读码器 reader，继电器 relays', 'plus'),
    words('12 V 与 5 V 只在一点共地，柜体接保护地', { x, y: y + 148 }, 'small'),
    words(
      '12 V and 5 V: one common ground point; the steel cabinet on protective earth',
      { x, y: y + 160 },
      'small',
    ),
  ];
}

/** One lock in full: pull resistor, relay input, contact, coil, diode. */
function lockDetail({ x, y }: Place, { relays }: MegaBoard): Drawn[] {
  const isHigh = relays === 'active-high';
  const level = y + 84;
  return [
    words('一把锁 one lock', { x, y: y + 6 }, 'head'),
    words('引脚 pin', { x, y: level - 6 }),
    wire({ x, y: level }, [120]),
    dot({ x: x + 70, y: level }),
    ...(isHigh ? pullDown({ x: x + 70, y: level }) : pullUp({ x: x + 70, y: level })),
    box({ x: x + 120, y: level - 34 }, 110, 68),
    words('K', { x: x + 130, y: level + 5 }, 'head'),
    words(isHigh ? '5 V = 通 on' : '0 V = 通 on', { x: x + 175, y: level + 28 }, 'small mid'),
    wire({ x: x + 190, y: level - 54 }, [0, 40], 'plus'),
    words('+12 V F1', { x: x + 198, y: level - 44 }, 'red'),
    dot({ x: x + 190, y: level - 14 }, 'red'),
    line([
      { x: x + 190, y: level - 14 },
      { x: x + 216, y: level - 6 },
    ]),
    dot({ x: x + 214, y: level }),
    wire({ x: x + 214, y: level }, [76]),
    box({ x: x + 290, y: level - 9 }, 60, 18),
    words('线圈 coil', { x: x + 320, y: level + 4 }, 'mid'),
    wire({ x: x + 270, y: level }, [0, -28, 100, 28]),
    dot({ x: x + 270, y: level }),
    dot({ x: x + 370, y: level }),
    diode({ x: x + 320, y: level - 28 }, 12),
    words('1N4007', { x: x + 320, y: level - 38 }, 'small mid'),
    wire({ x: x + 350, y: level }, [42]),
    ground({ x: x + 392, y: level }),
    words('二极管紧靠线圈，白环接 +12 V', { x, y: y + 148 }, 'small'),
    words('the diode sits at the coil, its ring towards +12 V', { x, y: y + 160 }, 'small'),
  ];
}

function pullDown({ x, y }: Place): Drawn[] {
  return [
    wire({ x, y }, [0, 14]),
    box({ x: x - 5, y: y + 14 }, 10, 24),
    words('10 kΩ', { x: x - 44, y: y + 30 }, 'small'),
    wire({ x, y: y + 38 }, [0, 4]),
    ground({ x, y: y + 42 }),
  ];
}

function pullUp({ x, y }: Place): Drawn[] {
  return [
    wire({ x, y }, [0, -14]),
    box({ x: x - 5, y: y - 38 }, 10, 24),
    words('10 kΩ', { x: x - 44, y: y - 22 }, 'small'),
    wire({ x, y: y - 38 }, [0, -8]),
    words('5 V', { x: x - 8, y: y - 50 }),
  ];
}

/** One switch in full: the Mega's pull-up makes a cut wire read as an open contact. */
function switchDetail({ x, y }: Place): Drawn[] {
  const level = y + 84;
  return [
    words('一个开关 one switch', { x, y: y + 6 }, 'head'),
    ground({ x: x + 30, y: level }),
    wire({ x: x + 30, y: level }, [40]),
    contact({ x: x + 70, y: level }, false, 10),
    wire({ x: x + 98, y: level }, [72]),
    box({ x: x + 160, y: level - 60 }, 90, 76, 'board'),
    wire({ x: x + 160, y: level }, [36, -8]),
    box({ x: x + 191, y: level - 32 }, 10, 24),
    wire({ x: x + 196, y: level - 32 }, [0, -6]),
    words('5 V', { x: x + 186, y: level - 42 }),
    words('20–50 kΩ', { x: x + 205, y: level - 17 }, 'small'),
    words('Mega', { x: x + 226, y: level + 11 }, 'small'),
    words('上图：画合 = 门关（有书）时闭合', { x, y: y + 148 }, 'small'),
    words('drawn closed above: closed while shut (or present)', { x, y: y + 160 }, 'small'),
  ];
}
