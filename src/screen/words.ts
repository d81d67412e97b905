import type { Outcome, Refusal } from '../circulation/state.js';
import type { LockerNo } from '../kernel/ids.js';
import type { EpochMs } from '../kernel/time.js';

/** One sentence (or two short ones) in both languages. U+200B and U+00A0 mark where a large line may and may not break. */
export interface Sentence {
  readonly zh: string;
  readonly en: string;
}

/** What the screen says at one moment: the one thing to do or know, and how. */
export interface Saying {
  readonly headline: Sentence;
  readonly detail: Sentence;
}

/** A book as people call it. */
export interface BookTitle {
  readonly name: string;
  readonly author: string;
}

type Purpose = 'checkout' | 'checkin';
type Door = { readonly locker: LockerNo; readonly purpose: Purpose; readonly book: BookTitle | null };

/** What is going on at the kiosk before the last words, with the facts its sentences need. */
export type Scene =
  | { readonly kind: 'idle'; readonly booksHere: number }
  | { readonly kind: 'out-of-service' }
  | { readonly kind: 'choosing' }
  | { readonly kind: 'identifying'; readonly locker: LockerNo; readonly book: BookTitle | null }
  | ({ readonly kind: 'opening' } & Door)
  | ({ readonly kind: 'open' } & Door);

/** What to do now. Written to be read and heard by somebody of 75: short, polite, no jargon, the door's number. */
export function sceneWords(scene: Scene): Saying {
  switch (scene.kind) {
    case 'idle':
      return scene.booksHere > 0 ? sayings.welcome : sayings.allLent;
    case 'out-of-service':
      return sayings.outOfService;
    case 'choosing':
      return sayings.choose;
    case 'identifying':
      return {
        headline: { zh: '请出示\u200b您的借书码', en: 'Please show your pass' },
        detail: {
          zh: `您选了${doorZh(scene.locker)}的${inZh(scene.book)}。请把手机上的借书码\u200b对准扫码口。`,
          en: `You chose ${inEn(scene.book)}, door ${scene.locker}. Hold the pass on your phone to the reader.`,
        },
      };
    case 'opening':
      return opening(scene);
    case 'open':
      return open(scene);
  }
}

const sayings = {
  welcome: {
    headline: { zh: '您好，请选一本书', en: 'Hello. Please choose a book' },
    detail: {
      zh: '点一下想看的书，再扫借书码。还书，请扫书上的条码。',
      en: 'Tap a book, then scan your pass. To return a book, scan its barcode.',
    },
  },
  allLent: {
    headline: { zh: '书都借出去了', en: 'Every book is out on loan' },
    detail: {
      zh: '您来还书，请扫书上的条码。想借书，请晚些再来。',
      en: 'To return a book, scan its barcode. To borrow, please come back later.',
    },
  },
  outOfService: {
    headline: { zh: '暂时不能借还', en: 'Not in service just now' },
    detail: {
      zh: '请稍后再来，或到附近的书亭。给您添麻烦了。',
      en: 'Please come back later, or use another kiosk nearby. We are sorry.',
    },
  },
  choose: {
    headline: { zh: '请点一本书', en: 'Please tap a book' },
    detail: {
      zh: '点一下您想借的书，它的门就会打开。',
      en: 'Tap the book you would like, and its door will open.',
    },
  },
} as const satisfies Record<string, Saying>;

function opening({ locker, purpose, book }: Door): Saying {
  const headline = { zh: `请打开${doorZh(locker)}`, en: `Please open door ${locker}` };
  const detail =
    purpose === 'checkout'
      ? {
          zh: `拉开门，取出${inZh(book)}，再把门关好。`,
          en: `Pull the door, take ${inEn(book)}, and close it again.`,
        }
      : {
          zh: `拉开门，把${inZh(book)}放进去，再把门关好。`,
          en: `Pull the door, put ${inEn(book)} inside, and close it again.`,
        };
  return { headline, detail };
}

function open({ locker, purpose, book }: Door): Saying {
  return purpose === 'checkout'
    ? {
        headline: { zh: `请取书，关好${doorZh(locker)}`, en: `Take the book, then close door ${locker}` },
        detail: {
          zh: `取出${inZh(book)}，轻轻把门推上。`,
          en: `Take ${inEn(book)} and gently push the door shut.`,
        },
      }
    : {
        headline: { zh: `请放书，关好${doorZh(locker)}`, en: `Put the book in, then close door ${locker}` },
        detail: {
          zh: `放好${inZh(book)}，轻轻把门推上。`,
          en: `Put ${inEn(book)} inside and gently push the door shut.`,
        },
      };
}

/** The last words of a visit. `book` is the one lent or returned, where it is known. */
export function outcomeWords(outcome: Outcome, book: BookTitle | null): Saying {
  switch (outcome.kind) {
    case 'lent':
      return lent(dayWords(outcome.dueAt), outcome.dueProvisional, book);
    case 'returned':
      return {
        headline: { zh: '还好了，谢谢您', en: 'Returned. Thank you' },
        detail: { zh: `${inZh(book)}已经还给书亭。`, en: `${inEn(book, true)} is back in the kiosk.` },
      };
    case 'never-opened':
    case 'lock-refused':
    case 'outcome-unknown':
      return endings[outcome.kind][outcome.purpose];
    case 'timed-out':
      return {
        headline: { zh: '时间到了，请重新开始', en: 'Time is up. Please start again' },
        detail: { zh: '刚才没有借书，也没有还书。', en: 'Nothing was borrowed or returned.' },
      };
  }
}

function lent(due: Sentence, provisional: boolean, book: BookTitle | null): Saying {
  const headline = { zh: '借好了，请慢慢看', en: 'Borrowed. Enjoy your book' };
  const by = `请最晚 ${due.zh}\u200b归还${inZh(book)}，哪个书亭都可以。`;
  const byEn = `Please return ${inEn(book)} by ${due.en}, at any of our kiosks.`;
  if (!provisional) return { headline, detail: { zh: by, en: byEn } };
  return {
    headline,
    detail: {
      zh: `${by}这个日期可能会有小的更正。`,
      en: `${byEn} This date may still be corrected slightly.`,
    },
  };
}

type Ending = Extract<Outcome, { readonly purpose: Purpose }>['kind'];
const endings: Readonly<Record<Ending, Readonly<Record<Purpose, Saying>>>> = {
  'never-opened': {
    checkout: {
      headline: { zh: '门没有打开，书没有借', en: 'The door stayed shut. Nothing was lent' },
      detail: { zh: '想借这本书，请再来一次。', en: 'If you would like the book, please try again.' },
    },
    checkin: {
      headline: { zh: '门没有打开，书还没有还', en: 'The door stayed shut. Nothing was returned' },
      detail: {
        zh: '要还书，请再扫一次书上的条码。',
        en: 'To return the book, please scan its barcode again.',
      },
    },
  },
  'lock-refused': {
    checkout: {
      headline: { zh: '这扇门打不开，书没有借', en: 'This door will not open. Nothing was lent' },
      detail: { zh: '对不起，请换一本书。', en: 'We are sorry. Please choose another book.' },
    },
    checkin: {
      headline: { zh: '这扇门打不开，书还没有还', en: 'This door will not open. Nothing was returned' },
      detail: {
        zh: '对不起，请再扫一次书上的条码。',
        en: 'We are sorry. Please scan the barcode once more.',
      },
    },
  },
  'outcome-unknown': {
    checkout: {
      headline: { zh: '柜子暂时\u200b没有回应', en: 'The cabinet is not answering' },
      detail: {
        zh: '书如果已经取出，您可以带走。我们会核对记录。',
        en: 'If you have the book, you may take it. We will check the record.',
      },
    },
    checkin: {
      headline: { zh: '柜子暂时\u200b没有回应', en: 'The cabinet is not answering' },
      detail: {
        zh: '书如果已经放好，关上门就可以了。我们会核对记录。',
        en: 'If the book is inside, just close the door. We will check the record.',
      },
    },
  },
};

const refusals: Readonly<Record<Refusal, Sentence>> = {
  'pass-forged': {
    zh: '这个借书码不能用。请在微信里重新打开借书码。',
    en: 'This pass cannot be used. Please open your pass in WeChat again.',
  },
  'pass-expired': {
    zh: '这个借书码已经过期。请在微信里刷新后再扫。',
    en: 'This pass has expired. Please refresh it in WeChat and scan again.',
  },
  'pass-not-yet-valid': {
    zh: '这个借书码还没到使用时间。请稍后再扫。',
    en: 'This pass is not valid yet. Please scan it a little later.',
  },
  'pass-unreadable': {
    zh: '没有看清。请把手机放平、调亮，再扫一次。',
    en: 'We could not read it. Please hold the phone flat, make it bright, and scan again.',
  },
  'card-needs-counter': {
    zh: '借书证暂时不能在这里用。请用手机借书码，或请工作人员帮忙。',
    en: 'Library cards do not work here yet. Please use the pass on your phone, or ask our staff.',
  },
  'code-foreign': {
    zh: '这不是书亭的码。请扫借书码，或书上的馆藏条码。',
    en: 'This is not one of our codes. Please scan your pass, or the library label on the book.',
  },
  'code-is-title': {
    zh: '这是封底的书号。还书，请扫书上贴的馆藏条码。',
    en: 'That is the ISBN printed on the cover. To return the book, scan the library label.',
  },
  'locker-empty': {
    zh: '这一格里没有书。请换一本。',
    en: 'There is no book behind this door. Please choose another.',
  },
  'locker-unavailable': {
    zh: '这扇门现在不能用。请换一本。',
    en: 'This door cannot be used now. Please choose another book.',
  },
  'loan-limit': {
    zh: '您借的书已经到了上限。还一本，就能再借。',
    en: 'You have as many books as one may borrow. Return one, and you can borrow again.',
  },
  'item-already-here': {
    zh: '记录里这本书就在柜子里，不用再还。',
    en: 'Our record says this book is already here. There is no need to return it.',
  },
  'cabinet-full': {
    zh: '柜子放满了。请到附近的书亭还书，或晚些再来。',
    en: 'The cabinet is full. Please return the book at another kiosk, or come back later.',
  },
  busy: {
    zh: '请先做完这一次，再扫下一个。',
    en: 'Please finish this first, then scan the next one.',
  },
  'out-of-service': {
    zh: '柜子暂时不能用。请稍后再来，或到附近的书亭。',
    en: 'The cabinet is out of service. Please come back later, or use another kiosk nearby.',
  },
};

/** Why not, and what to do instead. Blames nobody. */
export function refusalWords(refusal: Refusal): Sentence {
  return refusals[refusal];
}

/** Asks to close a door that was left open; null when all are shut. */
export function openDoorWords(doors: readonly LockerNo[]): Sentence | null {
  if (doors.length === 0) return null;
  return {
    zh: `${doors.join('、')} 号门还开着，请帮忙关上，谢谢。`,
    en: `Door ${doors.join(', ')} is still open. Please push it shut. Thank you.`,
  };
}

const dayFormats = { zh: dayFormat('zh-CN'), en: dayFormat('en-GB') };

function dayFormat(language: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    timeZone: 'Asia/Shanghai',
    month: 'long',
    day: 'numeric',
    weekday: 'long',
  });
}

/** The day in Shanghai on which `at` falls: “8月14日星期五”, “Friday 14 August”. */
export function dayWords(at: EpochMs): Sentence {
  return { zh: dayFormats.zh.format(at), en: dayFormats.en.format(at) };
}

/** “ 7 号门” in one piece; the first space sets the figure off from what precedes it. */
function doorZh(locker: LockerNo): string {
  return `\u00a0${locker}\u00a0号门`;
}

function inZh(book: BookTitle | null): string {
  return book ? `《${book.name}》` : '这本书';
}

function inEn(book: BookTitle | null, first = false): string {
  if (book) return `“${book.name}”`;
  return first ? 'The book' : 'the book';
}
