import type { KerongBoard } from '../../../hardware/cabinet.js';
import { Fault } from '../../../src/kernel/faults.js';
import type { LockerBoard, LockerBoardOptions } from '../driver/locker-board.js';
import { superviseBoard } from '../driver/supervised-board.js';
import { addresses, locksOf } from './codec.js';
import { KerongConnection, type Station } from './kerong-connection.js';
import { CoilUse } from './unlocking.js';

const baudRate = 19_200;

/**
 * A Kerong lock board, through all its unplugs. It holds a coil for its own time, so both strengths of a pulse are the same.
 * Throws `config.invalid` for a lock that boards of the dialect do not have.
 */
export function createKerongBoard(options: LockerBoardOptions<KerongBoard>): LockerBoard {
  const { description, log, host } = options;
  const parts = { description, log, timers: host.timers, coils: new CoilUse(), ...placesOf(description) };
  return superviseBoard({
    ...options,
    baudRate,
    connect: (port, onEvent) => new KerongConnection({ ...parts, port, onEvent }),
  });
}

/** Address and locks as types that have no value for all boards or all locks. */
function placesOf({ board, dialect, address: wanted, lockers }: KerongBoard) {
  const address = addresses.find((each) => each === wanted);
  if (address === undefined) throw new Fault('config.invalid', `${board}: no address ${wanted}`);
  const stations = lockers.map(({ locker, lock: number }): Station => {
    const lock = locksOf(dialect).find((each) => each === number);
    if (lock === undefined) throw new Fault('config.invalid', `${board}: a ${dialect} has no lock ${number}`);
    return { locker, lock };
  });
  return { address, stations };
}
