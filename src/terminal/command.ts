import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander';
import { Fault, faultCatalogue } from '../kernel/faults.js';
import { displayWidth, wrapped } from './columns.js';

/** A command line that makes no sense: one sentence that names the option and the value. */
export class UsageError extends Error {}

/** The exit code of a command that was called wrongly. */
const usageCode = 2;

/**
 * Creates a command line. `call` is how it is started (`npm run bench --`); `examples` are whole command lines, shown by
 * `--help`, that of subcommands included; `helpWidth` is in columns, the terminal's by default. An unknown option or a bad
 * value is one line on standard error.
 */
export function createCommand(
  call: string,
  summary: string,
  examples: readonly string[],
  helpWidth?: number,
): Command {
  const width = helpWidth === undefined ? {} : { helpWidth };
  return new Command(call)
    .description(summary)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      displayWidth,
      boxWrap: wrapLines,
      minWidthToWrap: 20,
      optionDescription,
      showGlobalOptions: true,
      ...width,
    })
    .addHelpText('afterAll', `\nExamples:\n${examples.map((example) => `  ${example}\n`).join('')}`)
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`) })
    .exitOverride();
}

/** That a flag is off by default needs no words. */
function optionDescription(this: Help, option: Option): string {
  return option.defaultValue === false
    ? option.description
    : Help.prototype.optionDescription.call(this, option);
}

const wrapLines = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapped(line, width))
    .join('\n');

/**
 * Runs a command line and returns its exit code: 0, 1 for a fault of the catalogue (which `explain` words), 2 for a command
 * line that makes no sense. Any other error is a bug and is thrown.
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  explain: (fault: Fault) => string = explainInEnglish,
): Promise<number> {
  try {
    await command.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has written its own errors and the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageCode;
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
      return usageCode;
    }
    if (!(error instanceof Fault)) throw error;
    process.stderr.write(explain(error));
    return 1;
  }
}

/** Runs the command line of the module at `moduleUrl` if Node was started with that module; importing it runs nothing. */
export async function runProgram(
  moduleUrl: string,
  create: () => Command,
  explain?: (fault: Fault) => string,
): Promise<void> {
  const [, program] = process.argv;
  if (program === undefined || realpathSync(program) !== fileURLToPath(moduleUrl)) return;
  const code = await runCommand(create(), process.argv.slice(2), explain);
  if (code !== 0) process.exitCode ??= code;
}

/** A fault in the words of the catalogue of faults: what happened, and what to do. */
export function explainInEnglish({ message, code }: Fault): string {
  return `${message}\n${faultCatalogue[code].remedy}\n`;
}

/** Parser of an option whose value is a number from `least` to `most`. */
export function numberFrom(least: number, most = Number.MAX_VALUE): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`A number ${rangeText(least, most, Number.MAX_VALUE)} is needed.`);
  };
}

/** Parser of an option whose value is a whole number from `least` to `most`. */
export function wholeNumberFrom(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `A whole number ${rangeText(least, most, Number.MAX_SAFE_INTEGER)} is needed.`,
    );
  };
}

const rangeText = (least: number, most: number, unlimited: number): string =>
  most === unlimited ? `of at least ${least}` : `from ${least} to ${most}`;

/** Parser of an option that may be given several times; `isValid` judges each value. */
export function listOf(isValid: (text: string) => boolean = () => true) {
  return (text: string, earlier: readonly string[] = []): readonly string[] => {
    if (isValid(text)) return [...earlier, text];
    throw new InvalidArgumentError('It has characters that are not allowed here.');
  };
}

export { Command, Option };
