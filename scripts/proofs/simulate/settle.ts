import type { World } from './world.js';

/** All faults are over, doors are shut, people leave; then time enough passes, and what must come about has. */
export function settle(world: World): void {
  const { machine, cabinet, network, wall, time } = world;
  wall.synchronize();
  if (!machine.isOn) world.start();
  else if (machine.life.isSpoilt) {
    machine.die();
    world.gone(false);
    world.start();
  }
  machine.armCut(null);
  for (const board of cabinet.boards) {
    board.refuses = false;
    cabinet.plug(board);
  }
  for (const locker of cabinet.lockers.values()) cabinet.mend(locker);
  network.heal();
  time.pass(10_000);
  for (const locker of cabinet.lockers.values()) world.people.shut(locker.no);
  for (let minute = 0; minute < 15; minute += 1) time.pass(60_000);
  world.catalogueRestarts();
  time.pass(60_000);
  world.atRest();
  machine.die();
  world.gone(false);
  world.start();
}
