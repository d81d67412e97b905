import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/kernel/package-root.js';

/** Path of the program that the emulator's own tests run, see `test/firmware-bridge/emulator/probe.c`. */
export const probeFile = fileURLToPath(new URL('test/firmware-bridge/emulator/probe.hex', packageRoot));
/** Its text. */
export const probeHex = () => readFileSync(probeFile, 'utf8');

/** Text of the released firmware. */
export const firmwareHex = () =>
  readFileSync(new URL('firmware-bridge/firmware/lening.hex', packageRoot), 'utf8');
