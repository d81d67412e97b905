import t from 'tap';
import { Stations } from '../../src/catalogue/stations.js';
import type { Station } from '../../src/contract/monitoring-messages.js';
import { kioskId } from '../../src/kernel/ids.js';

const stationOf = (station: string, change: Partial<Station> = {}) =>
  Buffer.from(
    JSON.stringify({
      station,
      name: { zh: '江宁路书庭', en: 'Jiangning Road' },
      isInstalled: true,
      isLending: true,
      isReturning: true,
      books: 3,
      emptyLockers: 2,
      lastReported: 1_795_446_000_000,
      ...change,
    }),
  );

t.test('each known kiosk is listed with its last station message; nothing else is kept', async (t) => {
  const [first, second, stranger] = ['jn-01', 'jn-02', 'jn-99'].map(kioskId) as [never, never, never];
  const stations = new Stations((kiosk) => kiosk !== stranger);
  t.strictSame(stations.list(), []);
  t.ok(stations.update(second, stationOf(second)));
  t.ok(stations.update(first, stationOf(first)));
  t.ok(stations.update(second, stationOf(second, { books: 4 })));
  t.notOk(stations.update(stranger, stationOf(stranger)), 'no such kiosk');
  t.notOk(stations.update(first, stationOf(second)), 'in another’s name');
  t.notOk(stations.update(first, Buffer.from('{}')));
  t.match(stations.list(), [
    { station: 'jn-01', books: 3 },
    { station: 'jn-02', books: 4 },
  ]);
});
