import t from 'tap';
import type { Ack } from '../../src/contract/topics.js';
import { epoch } from '../../src/kernel/ids.js';
import { type AckResult, checkAck, type SendProgress } from '../../src/link/ack-check.js';

/** Up to 20 is stored, two batches are on their way. */
const progress: SendProgress = {
  mark: 20,
  lastPosition: 40,
  prunedUpTo: 5,
  unacknowledged: [
    { from: 21, to: 30 },
    { from: 31, to: 40 },
  ],
};
const ack = (upTo: number, more: Partial<Ack> = {}): Ack => ({
  epoch: epoch('00000000000000a1'),
  upTo,
  ...more,
});
const first = { from: 21, to: 30 };
const second = { from: 31, to: 40 };

const cases: readonly (readonly [string, Ack, AckResult, Partial<SendProgress>?])[] = [
  ['a batch is stored', ack(30, first), { kind: 'stored', mark: 30 }],
  ['it had been stored before, with the next', ack(40, first), { kind: 'stored', mark: 30 }],
  ['a batch before that one is not answered yet', ack(40, second), { kind: 'none' }],
  ['a batch that was not sent, or not over this connection', ack(40, { from: 21, to: 29 }), { kind: 'none' }],
  ['the batch before that one was lost', ack(20, second), { kind: 'resend', mark: 20 }],
  ['something before the batch is missing', ack(10, first), { kind: 'resend', mark: 10 }],
  ['only a part is stored', ack(25, first), { kind: 'resend', mark: 25 }],
  ['all there is, unasked', ack(40), { kind: 'none' }],
  ['less than there is, unasked', ack(25), { kind: 'resend', mark: 20 }],
  ['less than once was, unasked', ack(10), { kind: 'resend', mark: 10 }],
  [
    'the first event differs',
    ack(50, { ...first, differsAt: 21 }),
    { kind: 'epoch-over', why: 'rewound', known: 20 },
  ],
  [
    'a later event differs',
    ack(50, { ...first, differsAt: 27 }),
    { kind: 'epoch-over', why: 'rewound', known: 26 },
  ],
  ['one of a later batch differs', ack(50, { ...second, differsAt: 31 }), { kind: 'none' }],
  [
    'more is stored than there is, and the rest is not compared',
    ack(50, first),
    { kind: 'stored', mark: 30 },
  ],
  ['the same, unasked', ack(50), { kind: 'none' }],
  [
    'more is stored than there is, and all is compared',
    ack(50, second),
    { kind: 'epoch-over', why: 'rewound', known: 40 },
    { mark: 30, unacknowledged: [second] },
  ],
  [
    'more is stored than there is, unasked, and nothing waits',
    ack(50),
    { kind: 'epoch-over', why: 'rewound', known: 40 },
    { mark: 40, unacknowledged: [] },
  ],
  ['what was put away is missing', ack(4, first), { kind: 'epoch-over', why: 'behind', known: 5 }],
  ['the same, unasked', ack(4), { kind: 'epoch-over', why: 'behind', known: 5 }],
  ['everything is missing, and nothing was put away', ack(0), { kind: 'resend', mark: 0 }, { prunedUpTo: 0 }],
];

for (const [what, answer, verdict, other] of cases) {
  t.test(`the catalogue says: ${what}`, async (t) => {
    t.strictSame(checkAck(answer, { ...progress, ...other }), verdict);
  });
}
