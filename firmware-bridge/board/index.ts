export type { LastPulse, Readiness } from './connection.js';
export type { DoorState } from './door.js';
export type { PulseOutcome } from './lock.js';
export {
  type BoardEvent,
  createLockerBoard,
  type LockerBoard,
  type LockerBoardOptions,
} from './locker-board.js';
