import t from 'tap';
import { itemId, lockerNo } from '../../src/kernel/ids.js';
import { inputOfIntent } from '../../src/kiosk/screen-input.js';

t.test('each touch becomes its input', async (t) => {
  const item = itemId('30000000000017');
  const locker = lockerNo(7);
  t.same(inputOfIntent({ kind: 'choose-locker', locker }), { kind: 'locker-chosen', locker });
  t.same(inputOfIntent({ kind: 'enter-pin', pin: '0417' }), { kind: 'pin-entered', pin: '0417' });
  t.same(inputOfIntent({ kind: 'choose-return' }), { kind: 'return-chosen' });
  t.same(inputOfIntent({ kind: 'choose-renewal', item }), { kind: 'renewal-chosen', item });
  t.same(inputOfIntent({ kind: 'want-another' }), { kind: 'another-wanted' });
  t.same(inputOfIntent({ kind: 'not-taken', locker }), { kind: 'not-taken', locker });
  t.same(inputOfIntent({ kind: 'report-damage', damage: 'torn' }), {
    kind: 'damage-reported',
    damage: 'torn',
  });
  t.same(inputOfIntent({ kind: 'cancel' }), { kind: 'cancelled' });
  t.same(inputOfIntent({ kind: 'door-stuck' }), { kind: 'door-stuck' });
  const act = { do: 'open', locker } as const;
  t.same(inputOfIntent({ kind: 'staff', act }), { kind: 'staff-acted', act });
});
