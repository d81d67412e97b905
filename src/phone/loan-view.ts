import type { GrantStatus } from '../catalogue/grants.js';
import {
  type BookTitle,
  dayWords,
  doorZh,
  inEn,
  inZh,
  type Saying,
  type Sentence,
} from '../display/phrases.js';
import { unreachable } from '../kernel/assert.js';
import type { LockerNo } from '../kernel/ids.js';
import { limits } from '../kernel/limits.js';
import type { EpochMs } from '../kernel/time.js';
import { reasonWords } from './words.js';

/** What the telephone shows of one grant. */
export interface LoanView extends Saying {
  readonly mood: 'calm' | 'glad' | 'sorry';
  /** The door to look at, in large figures. */
  readonly door: LockerNo | null;
  /** Whether the code for the reader is shown. */
  readonly showsCode: boolean;
  readonly due: Sentence | null;
  readonly actions: readonly ('again' | 'another' | 'back')[];
  /** Whether more will come of it, so that the page must look again. */
  readonly isWaiting: boolean;
}

const calm = { mood: 'calm', door: null, showsCode: false, due: null, actions: [], isWaiting: true } as const;
const sorry = { ...calm, mood: 'sorry', actions: ['again', 'back'], isWaiting: false } as const;

/** What is shown of `status`; `book` is the one behind the door, or the one she wants, where there is one. Pure. */
export function loanView(status: GrantStatus, book: BookTitle | null, now: EpochMs): LoanView {
  const { stage, locker: door, dueAt, reason } = status;
  switch (stage) {
    case 'given':
      return given(status, now);
    case 'accepted':
      return status.item === null ? { ...calm, ...chooseThere } : { ...calm, ...opening };
    case 'unlocked':
      return { ...calm, door, ...unlocked(door, book) };
    case 'lent':
      return { ...calm, mood: 'glad', door, due: dueAt && dayWords(dueAt), ...taken(book) };
    case 'closed':
      return {
        ...calm,
        mood: 'glad',
        due: dueAt && dayWords(dueAt),
        actions: ['another'],
        isWaiting: false,
        ...lent(book),
      };
    case 'refused':
      return { ...sorry, headline: notLent, detail: reasonWords(reason) };
    case 'cancelled':
      return { ...sorry, isWaiting: true, ...cancelled(reason) };
    case 'undone':
      return { ...calm, ...undone(book), actions: ['back'], isWaiting: false };
    case 'over':
      return { ...sorry, ...over };
    default:
      return unreachable(stage);
  }
}

/** A kiosk that answers does so at once; one that does not is without network, and its reader helps. */
function given({ isSent, item, at }: GrantStatus, now: EpochMs): LoanView {
  const detail = item === null ? codeForAny : codeForOne;
  if (!isSent) return { ...calm, showsCode: true, headline: showCode, detail };
  if (now - at >= limits.phoneAnswerMs) return { ...calm, showsCode: true, headline: noAnswer, detail };
  return { ...calm, ...(item === null ? telling : opening) };
}

const notLent = { zh: '这次没有借成', en: 'Nothing was borrowed' };

const opening = {
  headline: { zh: '正在开门…', en: 'Opening the door…' },
  detail: { zh: '请看书柜。', en: 'Please watch the kiosk.' },
};

const telling = {
  headline: { zh: '正在告诉书柜…', en: 'Telling the kiosk…' },
  detail: { zh: '请看书柜的屏幕。', en: 'Please watch the kiosk’s screen.' },
};

const chooseThere = {
  headline: { zh: '请在书柜屏幕上\u200b点一本书', en: 'Now tap a book on the kiosk’s screen' },
  detail: { zh: '点了以后，那本书的门就打开。', en: 'Its door opens as soon as you tap it.' },
};

const showCode = { zh: '把这个码\u200b对准书柜的\u200b读码口', en: 'Hold this code to the kiosk’s reader' };

const noAnswer = {
  zh: '书柜没有网络，\u200b请把码对准\u200b读码口',
  en: 'The kiosk is offline. Hold this code to its reader',
};

const codeForOne = {
  zh: '对准了，门就打开。十分钟内有效，只能用一次。',
  en: 'Then the door opens. Good for ten minutes, and for one loan.',
};

const codeForAny = {
  zh: '对准了，再在书柜屏幕上点一本书。十分钟内有效，只能用一次。',
  en: 'Then tap a book on the kiosk’s screen. Good for ten minutes, and for one loan.',
};

const over = {
  headline: { zh: '时间到了，没有借书', en: 'Time is up. Nothing was borrowed' },
  detail: { zh: '想借书，请重新开始。', en: 'To borrow a book, please start again.' },
};

function unlocked(door: LockerNo | null, book: BookTitle | null): Saying {
  return {
    headline: {
      zh: door === null ? '请拉开门' : `请拉开${doorZh(door)}`,
      en: door === null ? 'Open the door' : `Open door\u00a0${door}`,
    },
    detail: {
      zh: `锁已经开了。取出${inZh(book)}，再把门关好。`,
      en: `It is unlocked. Take ${inEn(book)}, then close the door.`,
    },
  };
}

function taken(book: BookTitle | null): Saying {
  return {
    headline: { zh: '请取书，把门关好', en: 'Take the book and close the door' },
    detail: { zh: `${inZh(book)}借给您了。`, en: `${inEn(book, true)} is yours to read.` },
  };
}

function lent(book: BookTitle | null): Saying {
  return {
    headline: { zh: '借好了，请慢慢看', en: 'Borrowed. Enjoy your book' },
    detail: {
      zh: `${inZh(book)}看完了，哪个书亭都可以还。`,
      en: `${inEn(book, true)} can be returned at any of our kiosks.`,
    },
  };
}

function undone(book: BookTitle | null): Saying {
  return {
    headline: { zh: '好的，没有借', en: 'All right: not borrowed' },
    detail: { zh: `${inZh(book)}没有记在您名下。`, en: `${inEn(book, true)} is not on your card.` },
  };
}

function cancelled(reason: string | null): Saying {
  switch (reason) {
    case 'never-opened':
      return {
        headline: { zh: '门没有打开，书没有借', en: 'The door stayed shut. Nothing was lent' },
        detail: { zh: '想借这本书，请再来一次。', en: 'If you would like the book, please try again.' },
      };
    case 'lock-refused':
      return {
        headline: { zh: '这扇门打不开，书没有借', en: 'This door will not open. Nothing was lent' },
        detail: { zh: '对不起，请换一本书。', en: 'We are sorry. Please choose another book.' },
      };
    default:
      return {
        headline: { zh: '书柜暂时没有回应', en: 'The kiosk is not answering' },
        detail: {
          zh: '书如果已经取出，您可以带走。我们会核对记录。',
          en: 'If you have the book, you may take it. We will check the record.',
        },
      };
  }
}
