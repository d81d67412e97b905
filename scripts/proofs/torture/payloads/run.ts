import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Goal } from '../../support/goals.js';
import { createRandom } from '../../support/random.js';
import { attackCatalogue } from './catalogue-campaign.js';
import { sendInvalidPackets } from './invalid-packets.js';
import { attackKiosk } from './kiosk-campaign.js';
import { sendMalformed } from './malformed-messages.js';
import { total } from './outcome.js';

export interface PayloadOptions {
  /** To the kiosk; the others hear a share of it. */
  readonly messages: number;
  readonly seed: number;
  readonly folder: string;
}

/** What came of it all, and the kiosk's messages by how they were made. */
export interface PayloadReport {
  readonly goals: readonly Goal[];
  readonly sent: Readonly<Record<string, number>>;
}

/** Runs every campaign, one after another. Errors that nobody awaits count as crashes too. */
export async function torturePayloads({ messages, seed, folder }: PayloadOptions): Promise<PayloadReport> {
  const crashes: string[] = [];
  const crashed = (error: unknown) => void crashes.push(String(error));
  process.on('uncaughtException', crashed).on('unhandledRejection', crashed);
  try {
    const inside = (name: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      return join(folder, name);
    };
    const kiosk = await attackKiosk(inside('kiosk'), messages, createRandom(seed, 'kiosk'));
    const share = Math.ceil(messages / 20);
    const catalogue = await attackCatalogue(inside('catalogue'), share, createRandom(seed, 'catalogue'));
    const nonsense = await sendMalformed(inside('nonsense'), share, createRandom(seed, 'nonsense'));
    const wire = await sendInvalidPackets(share, createRandom(seed, 'wire'));
    crashes.push(...kiosk.crashes, ...nonsense.crashes);
    const believed = [...kiosk.believed, ...catalogue.believed];
    const truths = kiosk.genuine.sent + catalogue.genuine.sent + 1;
    const heard = kiosk.genuine.believed + catalogue.genuine.believed + (wire.isAlive ? 1 : 0);
    return {
      sent: Object.fromEntries([...kiosk.sent].sort(([a], [b]) => a.localeCompare(b))),
      goals: [
        {
          name: 'forged or misplaced messages to a kiosk',
          figure: total(kiosk.sent),
          goal: { atLeast: messages },
        },
        { name: 'forged messages to a catalogue', figure: total(catalogue.sent), goal: { atLeast: share } },
        { name: 'nonsense under a good seal', figure: nonsense.sent, goal: { atLeast: share } },
        { name: 'packets that are hardly MQTT', figure: wire.packets, goal: { atLeast: share } },
        { name: 'crashes', figure: crashes.length, goal: { exactly: 0 }, detail: first(crashes) },
        {
          name: 'forgeries believed',
          figure: believed.length,
          goal: { exactly: 0 },
          detail: first(believed),
        },
        { name: 'locks released by them', figure: kiosk.unlocks, goal: { exactly: 0 } },
        { name: 'true messages believed afterwards', figure: heard, goal: { exactly: truths } },
      ],
    };
  } finally {
    process.off('uncaughtException', crashed).off('unhandledRejection', crashed);
  }
}

const first = (words: readonly string[]) => words.slice(0, 3).join('; ').slice(0, 500);
