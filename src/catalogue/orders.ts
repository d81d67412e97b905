import { randomBytes } from 'node:crypto';
import type { Event } from '../circulation/event.js';
import type { Order } from '../circulation/order.js';
import type { Command, CommandAnswer } from '../contract/command-messages.js';
import { type CommandId, commandId, type ItemId, type KioskId, type LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import { after, type Duration, type EpochMs, milliseconds } from '../kernel/time.js';
import type { Connection } from './database.js';

/** Orders to kiosks, and their results. */
export interface Orders {
  /** Sends an order to `kiosk`, to be executed once within `validForMs` (ten minutes by default); repeats it until it is answered. */
  order(kiosk: KioskId, order: Order, validForMs?: Duration): CommandId;
  /** The status of an order; null for an unknown id. */
  orderStatus(command: CommandId): OrderStatus | null;
}

/** The status of an order. */
export interface OrderStatus {
  readonly kiosk: KioskId;
  readonly expiresAt: EpochMs;
  /** Null while the kiosk has not answered. */
  readonly answer: CommandAnswer['answer'] | null;
  readonly reason: string | null;
  /** The door that was unlocked for it, and the item behind it, where one was. */
  readonly locker: LockerNo | null;
  readonly item: ItemId | null;
  /** Until when the item is lent, where it is. */
  readonly dueAt: EpochMs | null;
}

/** Orders as other modules of the catalogue use them. */
export interface OrderStore extends Orders {
  onAnswer(kiosk: KioskId, answer: CommandAnswer): void;
  /** Sends all unanswered orders again, or those of one kiosk. */
  resend(kiosk?: KioskId): void;
}

interface Row {
  readonly command: CommandId;
  readonly kiosk: KioskId;
  readonly issuedAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly body: string;
}

/** Creates the orders on a database; `send` publishes a command. */
export function prepareOrders(
  db: Connection,
  nowMs: () => EpochMs,
  send: (kiosk: KioskId, command: Command) => void,
): OrderStore {
  const put = db.prepare<[string, string, number, number, string]>(
    'INSERT INTO command (command, kiosk, issued_at, expires_at, body) VALUES (?, ?, ?, ?, ?)',
  );
  const fields = 'command, kiosk, issued_at AS issuedAt, expires_at AS expiresAt, body';
  const waiting = db.prepare<[number], Row>(
    `SELECT ${fields} FROM command WHERE answer IS NULL AND expires_at > ?`,
  );
  const one = db.prepare<[string, string], Row>(
    `SELECT ${fields} FROM command WHERE command = ? AND kiosk = ? AND answer IS NULL`,
  );
  const status = db.prepare<[string], OrderStatus>(
    `SELECT kiosk, expires_at AS expiresAt, answer, reason, locker, item, due_at AS dueAt
     FROM command WHERE command = ?`,
  );
  const answered = db.prepare<[string, string | null, string, string]>(
    'UPDATE command SET answer = ?, reason = ? WHERE command = ? AND kiosk = ? AND answer IS NULL',
  );
  const repeat = ({ kiosk, body, ...row }: Row, challenge?: string) =>
    send(kiosk, { ...row, order: JSON.parse(body), ...(challenge === undefined ? {} : { challenge }) });
  return {
    order(kiosk, order, validForMs = milliseconds(limits.commandDefaultLifeMs)) {
      const command = commandId(randomBytes(8).toString('hex'));
      const issuedAt = nowMs();
      const expiresAt = after(issuedAt, validForMs);
      put.run(command, kiosk, issuedAt, expiresAt, JSON.stringify(order));
      send(kiosk, { command, issuedAt, expiresAt, order });
      return command;
    },
    orderStatus: (command) => status.get(command) ?? null,
    onAnswer(kiosk, { command, answer, reason, challenge }) {
      const row = challenge === undefined ? undefined : one.get(command, kiosk);
      if (row) repeat(row, challenge);
      // Later results come from the journal, in order.
      else if (challenge === undefined) answered.run(answer, reason ?? null, command, kiosk);
    },
    resend(kiosk) {
      for (const row of waiting.all(nowMs())) if (kiosk === undefined || row.kiosk === kiosk) repeat(row);
    },
  };
}

/** Creates the function that updates orders from a kiosk’s events. */
export function prepareOrderUpdates(db: Connection): (kiosk: KioskId, event: Event) => void {
  const answered = db.prepare<[string, string | null, string, string]>(
    'UPDATE command SET answer = ?, reason = ? WHERE command = ? AND kiosk = ?',
  );
  const begun = db.prepare<[number, string | null, number, string, string]>(
    'UPDATE command SET locker = ?, item = ?, visit = ? WHERE command = ? AND kiosk = ?',
  );
  const lent = db.prepare<[number, string, number, string]>(
    `UPDATE command SET due_at = ? WHERE kiosk = ? AND visit = ? AND item = ? AND answer = 'accepted'`,
  );
  return (kiosk, event) => {
    switch (event.type) {
      case 'command-taken':
      case 'command-settled':
        answered.run(event.answer, event.reason ?? null, event.command, kiosk);
        return;
      case 'checkout-intended':
      case 'access-intended':
        if (event.command) begun.run(event.locker, event.item, event.visit, event.command, kiosk);
        return;
      case 'item-lent':
        lent.run(event.dueAt, kiosk, event.visit, event.item);
        return;
      default:
    }
  };
}
