import { type ComponentChildren, h } from 'preact';
import { render } from 'preact-render-to-string/jsx';
import { displayWidth } from '../../src/terminal/columns.js';

/** SVG elements, side by side. */
export type Drawn = ComponentChildren;

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

/** A whole sheet under its title, as the text of an SVG file: each part on a line of its own. */
export function drawing(title: string, parts: readonly Drawn[]): string {
  const { width, height, margin } = sheet;
  const origin = '接线图 wiring diagram · 由柜体描述文件生成 made from the cabinet description';
  const lines = [
    <style>{`${style}\n`}</style>,
    <rect width={width} height={height} fill="#fff" />,
    words(title, { x: margin, y: 44 }, 'title'),
    words(origin, { x: width - margin, y: 44 }, 'small end'),
    ...parts,
  ];
  const svg = (
    // biome-ignore lint/a11y/noSvgWithoutTitle: its title follows a line break
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${width} ${height}`} width="297mm" height="210mm">
      {'\n'}
      <title>{title}</title>
      {lines.flatMap((part) => ['\n', part])}
      {'\n'}
    </svg>
  );
  return `${render(svg, undefined, { xml: true, pretty: false, jsx: false })}\n`;
}

/** Text whose baseline starts (or, by class, is centred or ends) at a place. */
export function words(text: string, { x, y }: Place, kind?: string): Drawn {
  return (
    <text x={short(x)} y={short(y)} class={kind}>
      {text}
    </text>
  );
}

/** Text that interrupts the wire it stands on. */
export function label(text: string, { x, y }: Place): Drawn {
  const width = displayWidth(text) * 5.7 + 6;
  return [box({ x: x - 3, y: y - 5 }, width, 10, 'paper'), words(text, { x, y: y + 4 })];
}

/** A line through places. */
export function line(places: readonly Place[], kind = 'wire'): Drawn {
  return <polyline points={places.map(({ x, y }) => `${short(x)},${short(y)}`).join(' ')} class={kind} />;
}

/** A line from a place with right angles: so far across, then down, across again, and so on. */
export function wire(from: Place, lengths: readonly number[], kind?: string): Drawn {
  const places = [from];
  let { x, y } = from;
  for (const [at, length] of lengths.entries()) {
    if (at % 2 === 0) x += length;
    else y += length;
    if (length !== 0) places.push({ x, y });
  }
  return line(places, kind);
}

/** A box from its top left. */
export function box({ x, y }: Place, width: number, height: number, kind = 'part'): Drawn {
  return <rect x={short(x)} y={short(y)} width={short(width)} height={short(height)} class={kind} />;
}

/** A joint of wires. */
export function dot({ x, y }: Place, kind = 'dot'): Drawn {
  return <circle cx={short(x)} cy={short(y)} r="2.4" class={kind} />;
}

/** A contact from `x` to `x + 28` on a horizontal wire; open ones are lifted by `lift`. */
export function contact({ x, y }: Place, isClosed: boolean, lift: number): Drawn {
  const end = { x: x + 28, y: isClosed ? y - 2.4 : y - lift };
  return [line([{ x, y: y - 2.4 }, end]), dot({ x, y }, 'open'), dot({ x: x + 28, y }, 'open')];
}

/** A diode on a horizontal wire, its cathode (bar) to the left; `size` is its height. */
export function diode({ x, y }: Place, size: number): Drawn {
  const half = size / 2;
  const triangle = [
    { x: x + half, y: y - half },
    { x: x + half, y: y + half },
    { x: x - half, y },
    { x: x + half, y: y - half },
  ];
  return [line(triangle, 'part'), wire({ x: x - half, y: y - half }, [0, half * 2])];
}

/** The sign for ground, hanging from a place. */
export function ground({ x, y }: Place): Drawn {
  const bar = (below: number, half: number) => wire({ x: x - half, y: y + below }, [half * 2]);
  return [wire({ x, y }, [0, 6]), bar(6, 8), bar(9, 5), bar(12, 2)];
}

const short = (value: number) => Number(value.toFixed(1));
