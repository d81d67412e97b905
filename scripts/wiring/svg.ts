import { displayWidth } from '../../src/terminal/columns.js';

/** A place on a sheet: units of a quarter of a millimetre from the top left. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A4 across. */
export const sheet = { width: 1188, height: 840, margin: 36 } as const;

const style = `
text { font: 11px 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', sans-serif; fill: #111 }
.title { font-size: 22px; font-weight: 700 }
.head { font-size: 12px; font-weight: 700 }
.small { font-size: 9px; fill: #444 }
.pin { font-weight: 700 }
.paper { fill: #fff }
.wire, .part { fill: none; stroke: #111; stroke-width: 1.2 }
.part { fill: #fff }
.board { fill: #eaf2f8; stroke: #235; stroke-width: 1.6 }
.plus { fill: none; stroke: #b30000; stroke-width: 2.4 }
.ground { fill: none; stroke: #222; stroke-width: 2.4; stroke-dasharray: 7 3 }
.dot { fill: #111 }
.open { fill: #fff; stroke: #111; stroke-width: 1.2 }
.red { fill: #b30000 }
.mid { text-anchor: middle }
.end { text-anchor: end }`;

/** A whole sheet under its title. */
export function drawing(title: string, parts: readonly string[]): string {
  const { width, height, margin } = sheet;
  const origin = '接线图 wiring diagram · 由柜体描述文件生成 made from the cabinet description';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="297mm" height="210mm">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}\n</style>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    words(title, { x: margin, y: 44 }, 'title'),
    words(origin, { x: width - margin, y: 44 }, 'small end'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Words with their baseline's start (or, by class, middle or end) at a place. */
export function words(text: string, { x, y }: Place, kind = ''): string {
  return `<text x="${short(x)}" y="${short(y)}"${classOf(kind)}>${escaped(text)}</text>`;
}

/** Words that interrupt the wire they stand on. */
export function label(text: string, { x, y }: Place): string {
  const charactersWide = displayWidth(text);
  return box({ x: x - 3, y: y - 5 }, charactersWide * 5.7 + 6, 10, 'paper') + words(text, { x, y: y + 4 });
}

/** A line through places. */
export function line(places: readonly Place[], kind = 'wire'): string {
  const points = places.map(({ x, y }) => `${short(x)},${short(y)}`).join(' ');
  return `<polyline points="${points}"${classOf(kind)}/>`;
}

/** A box from its top left. */
export function box({ x, y }: Place, width: number, height: number, kind = 'part'): string {
  return `<rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"${classOf(kind)}/>`;
}

/** A joint of wires. */
export function dot({ x, y }: Place, kind = 'dot'): string {
  return `<circle cx="${short(x)}" cy="${short(y)}" r="2.4"${classOf(kind)}/>`;
}

/** A contact from `x` to `x + 28` on a horizontal wire; open ones are lifted by `lift`. */
export function contact({ x, y }: Place, isClosed: boolean, lift: number): string {
  const end = { x: x + 28, y: isClosed ? y - 2.4 : y - lift };
  return [line([{ x, y: y - 2.4 }, end]), dot({ x, y }, 'open'), dot({ x: x + 28, y }, 'open')].join('');
}

/** A diode on a horizontal wire, its cathode (bar) to the left; `size` is its height. */
export function diode({ x, y }: Place, size: number): string {
  const half = size / 2;
  const triangle = [
    { x: x + half, y: y - half },
    { x: x + half, y: y + half },
    { x: x - half, y },
    { x: x + half, y: y - half },
  ];
  return [
    line(triangle, 'part'),
    line([
      { x: x - half, y: y - half },
      { x: x - half, y: y + half },
    ]),
  ].join('');
}

/** The sign for ground, hanging from a place. */
export function ground({ x, y }: Place): string {
  const bar = (below: number, half: number) =>
    line([
      { x: x - half, y: y + below },
      { x: x + half, y: y + below },
    ]);
  return [
    line([
      { x, y },
      { x, y: y + 6 },
    ]),
    bar(6, 8),
    bar(9, 5),
    bar(12, 2),
  ].join('');
}

const classOf = (kind: string) => (kind === '' ? '' : ` class="${kind}"`);
const short = (value: number) => String(Number(value.toFixed(1)));
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
