import type { Gm65Inspection, RegisterReading } from '../../../firmware-bridge/reader/gm65/inspect.js';
import { registerName } from '../../../firmware-bridge/reader/gm65/open.js';
import { type Gm65Model, isRight, repairedValue } from '../../../firmware-bridge/reader/gm65/profile.js';
import { wrapped } from '../../../src/terminal/columns.js';
import { pageColumns } from '../support/command.js';

const hexByte = (value: number) => value.toString(16).padStart(2, '0').toUpperCase();

/** A module's registers beside what the kiosk wants of them, a photo wide. */
export function registersText(
  { baudRate, registers }: Gm65Inspection,
  model: Gm65Model,
  configured: number,
): string {
  const name = model.toUpperCase();
  if (baudRate === null)
    return `✗ ${name} 没有回答 does not answer\n  检查接线和型号 check its wires and model\n\n`;
  const isSpeedRight = baudRate === configured;
  const lines = [
    `${isSpeedRight ? '✓' : '✗'} ${name}  ${baudRate} Bd${isSpeedRight ? '' : `  应为 should be ${configured}`}`,
    ...registers.flatMap(readingLines),
  ];
  const isAllRight = isSpeedRight && registers.every(isReadingRight);
  const remedy = [
    '  设为 reader.kind: gm65/gm861 的书亭会自动改正',
    '  A kiosk with that reader.kind corrects this by itself',
  ];
  return [...lines, ...(isAllRight ? [] : remedy), '', ''].join('\n');
}

/** The same for programs: values as the module tells them, and as they have to be. */
export function registersJson({ baudRate, registers }: Gm65Inspection): object {
  return {
    gm65: {
      baudRate,
      registers: registers.map((reading) => ({
        register: registerName(reading.address),
        value: reading.value,
        wanted: reading.value === null ? null : repairedValue(reading.value, reading.settings),
      })),
    },
  };
}

function isReadingRight({ value, settings }: RegisterReading): boolean {
  return value !== null && settings.every((setting) => isRight(value, setting));
}

function readingLines(reading: RegisterReading): string[] {
  const { address, value, settings } = reading;
  const name = registerName(address);
  if (value === null) return [`✗ ${name}  读不到 cannot be read`];
  const isAllRight = isReadingRight(reading);
  const wanted = isAllRight ? '' : `  应为 should be ${hexByte(repairedValue(value, settings))}`;
  const lines = settings.flatMap((setting) => {
    const mark = isRight(value, setting) ? ' ' : '✗';
    return wrapped(`${setting.why.zh} ${setting.why.en}`, pageColumns - 4).map(
      (line, at) => `  ${at === 0 ? mark : ' '} ${line}`,
    );
  });
  return [`${isAllRight ? '✓' : '✗'} ${name}  ${hexByte(value)}${wanted}`, ...lines];
}
