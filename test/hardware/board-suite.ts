import type { Test } from 'tap';
import type { MegaBoard } from '../../hardware/cabinet.js';
import { mega24 } from '../support/plugged-board.js';
import { driverSuite } from './driver-suite.js';
import type { HardwareBoard } from './hardware-board.js';
import { lineSuite } from './line-suite.js';

/** Opens a board with power on and all doors closed, for the length of a test. */
export type OpenBoard = (test: Test, wiring: MegaBoard) => Promise<HardwareBoard>;

/** What every board with the released firmware does, seen from the kiosk's driver, from the bare line and from its lock pins. */
export async function boardSuite(t: Test, openBoard: OpenBoard): Promise<void> {
  const board = await openBoard(t, mega24);
  t.teardown(() => board.close());
  await driverSuite(t, board);
  await lineSuite(t, board);
}
