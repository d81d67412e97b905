export {
  type CabinetBoards,
  type CabinetBoardsOptions,
  createCabinetBoards,
  createLockerBoard,
} from './cabinet-boards.js';
export { type InspectOptions, inspectMega, type MegaInspection } from './inspect.js';
export type {
  BoardEvent,
  DoorState,
  ItemState,
  LastPulse,
  LockerBoard,
  LockerBoardOptions,
  PulseOutcome,
  PulseStrength,
  Readiness,
} from './locker-board.js';
