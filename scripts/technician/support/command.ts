import { type Command, createCommand, runProgram } from '../../../src/terminal/command.js';
import { explainFault, pageColumns } from './explain.js';

/** The command line of a technician's tool, `npm run NAME --`; its help fits a photo of the screen. */
export function technicianCommand(name: string, summary: string, examples: readonly string[]): Command {
  return createCommand(`npm run ${name} --`, summary, examples, pageColumns);
}

/** Runs a technician's tool if Node was started with the module at `moduleUrl`; faults are worded in both languages. */
export function runTechnicianTool(moduleUrl: string, create: () => Command): Promise<void> {
  return runProgram(moduleUrl, create, explainFault);
}
