import t from 'tap';
import { doorStateIn } from '../../../firmware-bridge/board/door.js';
import { settingsOf } from '../../../firmware-bridge/board/settings.js';
import { megaIn } from '../../support/plugged-board.js';

const cabinet = megaIn(`
boards:
  - board: main
    kind: mega-2560
    relays: active-low
    debounceMs: 40
    coil: { restMs: 1500 }
    locksOnMax: 2
    lockers:
      - { locker: 2, lockPin: 23, doorPin: 55, doorSwitch: closed-when-open }
      - { locker: 1, lockPin: 22, doorPin: 54, itemPin: 2 }
`);

t.test(
  'tells the board its lockers in the order of the description, whatever is printed on the doors',
  async (t) => {
    const { settings, lockers } = settingsOf(cabinet);
    t.match(settings, {
      lockers: 2,
      debounceMs: 40,
      flags: 1,
      pulseMaxMs: 1_000,
      restMs: 1_500,
      locksOnMax: 2,
    });
    t.same(lockers, [
      { kind: 'locker', locker: 1, lockPin: 23, doorPin: 55, itemPin: 0, flags: 1 },
      { kind: 'locker', locker: 2, lockPin: 22, doorPin: 54, itemPin: 2, flags: 2 },
    ]);
  },
);

t.test('takes a door for unknown until the board knows it', async (t) => {
  const doors = { kind: 'doors', chattering: 0, lastTag: 0, lastLocker: 0, lastOpened: 0 } as const;
  const [known, open] = [0x8000_0003, 0x8000_0006];
  const states = [1, 2, 3, 32].map((n) => doorStateIn({ ...doors, known, open }, n));
  t.same(states, ['closed', 'open', 'unknown', 'open']);
});
