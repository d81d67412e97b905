export {
  type CabinetBoards,
  type CabinetBoardsOptions,
  createCabinetBoards,
  createLockerBoard,
} from './cabinet-boards.js';
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
} from './driver/locker-board.js';
export { type InspectOptions, inspectMega, type MegaInspection } from './inspect.js';
