import type { RenewalRefusal } from '../circulation/event.js';
import { dayWords, type Sentence } from '../display/phrases.js';
import { days, type EpochMs, type Moment } from '../kernel/time.js';

/** When a loan ends, as her list of loans says it: the day, “today”, or kindly that it is over. */
export function loanDueWords(dueAt: EpochMs, { calendarMs, trust }: Moment): Sentence {
  const day = dayWords(dueAt);
  // A loan ends with a day in Shanghai: how many days are over is plain arithmetic.
  const over = trust === 'trusted' ? Math.ceil((calendarMs - dueAt) / days(1)) : 0;
  if (over > 0) {
    return {
      zh: `已过期 ${over} 天，方便时请归还`,
      en: `${over} ${over === 1 ? 'day' : 'days'} past its date. Please bring it back when you can`,
    };
  }
  return trust === 'trusted' && dueAt - calendarMs < days(1) && dayWords(calendarMs).en === day.en
    ? { zh: '今天到期', en: 'Due today' }
    : { zh: `${day.zh}到期`, en: `Due ${day.en}` };
}

const notes: Readonly<Record<RenewalRefusal | 'asked', Sentence>> = {
  asked: { zh: '续借已记下，等网络恢复确认', en: 'Renewal noted, to be confirmed when we are online' },
  'renewal-limit': { zh: '已经续借过', en: 'Renewed already' },
  'renewal-wanted': { zh: '有人在等这本书', en: 'Somebody is waiting for it' },
};

/** Why a loan cannot be renewed now; `asked`: it was asked for already. */
export function loanNoteWords(why: RenewalRefusal | 'asked'): Sentence {
  return notes[why];
}
