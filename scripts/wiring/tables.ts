import type {
  BoardDescription,
  Cabinet,
  KerongBoard,
  MegaBoard,
  MegaLocker,
} from '../../hardware/cabinet.js';
import { lockersOf } from '../../hardware/cabinet.js';
import type { BoardId } from '../../src/kernel/ids.js';
import { megaPin } from './mega-header.js';
import { powerBudget, table } from './power.js';

/** A cabinet description of `hardware/`, by its file name without `.yaml`. */
export interface DescribedCabinet {
  readonly name: string;
  readonly cabinet: Cabinet;
}

/** The file of each board's diagram: `mega-24.svg`; of several boards `mega-48-left.svg` and so on. */
export function sheetNames(name: string, { boards }: Cabinet): ReadonlyMap<BoardId, string> {
  const only = boards.length === 1;
  return new Map(boards.map(({ board }) => [board, only ? `${name}.svg` : `${name}-${board}.svg`]));
}

/** The wiring of a cabinet as a Markdown document: a table per board, and what its supplies have to bear. */
export function wiringDocument({ name, cabinet }: DescribedCabinet): string {
  const { boards } = cabinet;
  const names = boards.map(({ board }) => `\`${board}\``).join(', ');
  const parts = [
    `# ${name}: wiring · 接线表`,
    `Made by \`npm run wiring\` from [\`${name}.yaml\`](${name}.yaml); change that file, not this one.\n` +
      `What goes for every cabinet is in [\`README.md\`](README.md).`,
    `${lockersOf(cabinet).length} lockers on ${boards.length === 1 ? 'one board' : `${boards.length} boards`}: ${names}.`,
    ...boards.flatMap((board) => boardSection(board, sheetNames(name, cabinet).get(board.board) ?? '')),
    '## Power budget · 功率预算',
    powerBudget(cabinet),
  ];
  return `${parts.join('\n\n')}\n`;
}

function boardSection(board: BoardDescription, sheet: string): string[] {
  const kind = board.kind === 'kerong' ? `Kerong ${board.dialect.toUpperCase()}` : 'Arduino Mega 2560';
  return [
    `## Board \`${board.board}\`: ${kind}`,
    `![Wiring diagram of board ${board.board}](${sheet})`,
    ...(board.kind === 'kerong' ? kerongSection(board) : megaSection(board)),
  ];
}

function megaSection(board: MegaBoard): string[] {
  const hasItems = board.lockers.some(({ itemPin }) => itemPin !== undefined);
  const heads = ['Door 门', 'Lock pin 锁', 'On the Mega', 'Relay 继电器', 'Door switch 门磁', 'On the Mega'];
  const rows = board.lockers.map((each, at) => [
    `${each.locker}`,
    ...pinCells(each.lockPin),
    `K${at + 1}`,
    ...pinCells(each.doorPin),
    ...(hasItems ? itemCells(each) : []),
  ]);
  return [
    megaNotes(board),
    table([...heads, ...(hasItems ? ['Item sensor 书感应', 'On the Mega'] : [])], rows),
  ];
}

function pinCells(pin: number): [string, string] {
  const { label, header, place } = megaPin(pin);
  return [`**${label}**`, place === '' ? header : `${header} ${place}`];
}

function itemCells({ itemPin, itemSwitch }: MegaLocker): [string, string] {
  if (itemPin === undefined) return ['–', ''];
  const [label, place] = pinCells(itemPin);
  const closed = itemSwitch === 'closed-when-present' ? 'a book is there' : 'no book is there';
  return [label, `${place}; closed while ${closed}`];
}

function megaNotes({ relays, coil, locksOnMax, debounceMs, lockers }: MegaBoard): string {
  const isHigh = relays === 'active-high';
  const openers = lockers
    .filter(({ doorSwitch }) => doorSwitch === 'closed-when-open')
    .map(({ locker }) => locker);
  const most = openers.length === lockers.length ? 'open' : 'shut';
  const some = openers.length > 0 && most === 'shut' ? `, but of doors ${openers.join(', ')} while open` : '';
  return [
    `- **Relays are ${relays}** (${isHigh ? '高' : '低'}电平吸合): a lock pin at ${isHigh ? '5 V' : '0 V'} switches its coil on. ` +
      `10 kΩ from each relay input to ${isHigh ? 'GND' : '5 V'} keeps it off while the pins float.`,
    `- **Door switches** go from their pin to GND (门磁接在引脚与 GND 之间): closed while the door is ${most}${some}. ` +
      `The Mega's own pull-ups are used. A door counts once its switch was still for ${debounceMs} ms.`,
    `- A pulse is ${coil.pulseMs} ms, of the second try ${coil.longPulseMs} ms; then the coil rests ${coil.restMs} ms. ` +
      `Locks on at once: ${locksOnMax}.`,
    '- `K1` is the first relay channel, in the order of the description. Rows of DIGITAL count from its 5V end; ' +
      'A0 is pin 54 to Arduino and the description.',
  ].join('\n');
}

function kerongSection({ address, dialect, hookBit, lockers }: KerongBoard): string[] {
  const notes = [
    `- **Address switches** (地址拨码): ${address}. Dialect \`${dialect}\`. RS-485 at 19 200 baud, A to A and B to B.`,
    `- The board reports a lock as a bit; 1 means ${hookBit}. Turn it with \`hookBit\` if a shut door is shown open.`,
    '- Each lock’s coil and feedback contact come on one cable to its numbered socket; the board drives the coils itself.',
  ].join('\n');
  const rows = lockers.map(({ locker, lock }) => [`${locker}`, `**${lock}**`]);
  return [notes, table(['Door 门', 'Lock number on the board 锁号'], rows)];
}
