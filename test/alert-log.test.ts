import t from 'tap';
import { createAlertLog } from '../src/alert-log.js';
import { door, lost, player, ready } from './circulation/player.js';

t.test(
  'each alert is written once when it is raised, with its remedy, and once when it is cleared',
  async (t) => {
    const lines: string[] = [];
    const write = (fields: object, message: string) =>
      void lines.push([message, ...Object.values(fields)].join(' '));
    const logAlerts = createAlertLog({ debug: write, info: write, warn: write, error: write });
    const kiosk = player();
    logAlerts(kiosk.state);
    t.same(lines, []);
    for (let n = 0; n < 3; n += 1) logAlerts(kiosk.play(door(1, 'open')).state);
    t.equal(lines.length, 2);
    t.match(lines[0], /^alert raised locker.forced 1 Look at the door/);
    t.match(lines[1], /^alert raised locker.left-open 1/);
    logAlerts(kiosk.play(door(1, 'closed')).state);
    t.equal(lines.at(-1), 'alert cleared locker.left-open 1');
    logAlerts(kiosk.play(lost).state);
    t.match(lines.at(-1), /^alert raised board.lost main/);
    logAlerts(kiosk.play(ready()).state);
    t.equal(lines.at(-1), 'alert cleared board.lost main');
  },
);
