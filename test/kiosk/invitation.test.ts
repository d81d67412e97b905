import t from 'tap';
import { kioskId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import type { ClockTrust } from '../../src/kernel/time.js';
import { VirtualTime } from '../../src/kernel/virtual-time.js';
import { invitationOf } from '../../src/kiosk/invitation.js';
import { createKioskScreen } from '../../src/kiosk/kiosk-screen.js';
import { stepOfCode } from '../../src/passes/presence.js';
import { quietState } from '../screen/fixture.js';
import { momentAt } from '../support/clocks.js';

const kiosk = kioskId('jn-01');
const presence = { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', periodS: 30, digits: 8 };
const at = (seconds: number, trust?: ClockTrust) => momentAt(seconds * 1_000, trust);
const usual = { kiosk, wechatUrl: 'https://books.example/k/', presence, moment: at(1_111_111_109) };

t.test('the QR has the address of the kiosk’s page, with the current code', async (t) => {
  t.equal(invitationOf(usual), 'https://books.example/k/jn-01?c=07081804');
  t.equal(stepOfCode(presence, '07081804', at(1_111_111_109).calendarMs), 37_037_036);
  const wechatUrl = 'https://books.example/w?from=kiosk';
  t.equal(invitationOf({ ...usual, wechatUrl }), 'https://books.example/w/jn-01?from=kiosk&c=07081804');
});

t.test('without a secret, or with a clock in doubt, the QR has no code', async (t) => {
  const plain = 'https://books.example/k/jn-01';
  t.equal(invitationOf({ ...usual, presence: null }), plain);
  t.equal(invitationOf({ ...usual, moment: at(1_111_111_109, 'floor') }), plain);
});

t.test('the screen shows a new code after its period, without any other input', async (t) => {
  const time = new VirtualTime();
  const shown: string[] = [];
  const screen = createKioskScreen(
    {
      config: {
        kiosk,
        name: { zh: '江宁路', en: 'Jiangning Road' },
        neighbours: [],
        screen: { port: 0, wechatUrl: usual.wechatUrl },
      },
      create: () => ({
        start: async () => ({ url: '' }),
        show: ({ invitation }) => void shown.push(invitation.slice(-8)),
        pages: 0,
        close: async () => undefined,
      }),
    },
    {
      kiosk: { state: quietState(), submit: () => undefined },
      documents: { titleOf: () => null, presence: () => presence },
      clock: { now: () => at(1_111_111_109 + time.nowMs / 1_000) },
      receiptOf: () => null,
      wait: time.wait,
    },
  );
  screen.show();
  await screen.start();
  time.pass(limits.invitationCheckMs);
  time.pass(2 * limits.invitationCheckMs);
  t.strictSame(shown, ['07081804', '14050471']);
  t.match(screen.invitation(), /14050471$/);
  await screen.close();
  t.equal(time.pending, 0);
});
