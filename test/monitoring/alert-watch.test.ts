import t from 'tap';
import { alertsOf } from '../../src/circulation/alerts.js';
import { alertSchema, alertsSchema } from '../../src/contract/monitoring-messages.js';
import { createAlertWatch } from '../../src/monitoring/alert-watch.js';
import { door, lost, type Player, player, ready } from '../circulation/player.js';
import { momentAt as at } from '../support/clocks.js';

t.test('each alert is reported once when raised, with its remedy, and once when cleared', async (t) => {
  const lines: string[] = [];
  const write = (fields: object, message: string) =>
    void lines.push([message, ...Object.values(fields)].join(' '));
  const watch = createAlertWatch({ debug: write, info: write, warn: write, error: write });
  let now = 1_000;
  const look = ({ state }: Player) => {
    now += 1_000;
    return watch.update(alertsOf(state), at(now));
  };
  const kiosk = player();
  t.same(look(kiosk), []);
  const told = [1, 2, 3].flatMap(() => look(kiosk.play(door(1, 'open'))));
  t.match(told, [
    {
      happened: 'raised',
      code: 'locker.forced',
      locker: 1,
      since: 3_000,
      meaning: /opened/,
      remedy: /Look/,
    },
    { happened: 'raised', code: 'locker.left-open', locker: 1 },
  ]);
  t.match(lines, [/^alert raised locker.forced 1 Look at the door/, /^alert raised locker.left-open 1/]);
  t.match(watch.active, [{ code: 'locker.forced', since: 3_000 }, { code: 'locker.left-open' }]);
  for (const each of told) t.ok(alertSchema.safeParse(each).success);
  t.ok(alertsSchema.safeParse({ alerts: watch.active }).success);
  t.match(look(kiosk.play(door(1, 'closed'))), [
    { happened: 'cleared', code: 'locker.left-open', locker: 1 },
  ]);
  t.equal(lines.at(-1), 'alert cleared locker.left-open 1');
  t.match(look(kiosk.play(lost)), [{ happened: 'raised', code: 'board.lost', board: 'main' }]);
  t.match(lines.at(-1), /^alert raised board.lost main/);
  look(kiosk.play(ready()));
  t.equal(lines.at(-1), 'alert cleared board.lost main');
});
