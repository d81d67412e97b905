import type { Purpose, StaffWork, Working } from '../circulation/state.js';
import {
  type BookTitle,
  doorZh,
  inEn,
  inZh,
  nearbyWords,
  type Saying,
  type Sentence,
} from '../display/phrases.js';
import type { LockerNo } from '../kernel/ids.js';
import { workWords } from './staff-words.js';

type Door = {
  readonly locker: LockerNo;
  readonly purpose: Exclude<Purpose, 'access'>;
  readonly book: BookTitle | null;
};

/** What is going on at the kiosk before the last words, with the facts its sentences need. */
export type Scene =
  /** `isFull`: nothing can be brought back. `neighbours`: where else to go, the nearest first. */
  | {
      readonly kind: 'idle';
      readonly booksHere: number;
      readonly isFull: boolean;
      readonly neighbours: readonly Sentence[];
    }
  | { readonly kind: 'out-of-service'; readonly neighbours: readonly Sentence[] }
  /** Somebody far away wants to know which kiosk this is. */
  | { readonly kind: 'looked-for' }
  | { readonly kind: 'choosing' }
  | { readonly kind: 'pin'; readonly isChecking: boolean }
  | { readonly kind: 'asking'; readonly book: BookTitle | null }
  | { readonly kind: 'working'; readonly task: StaffWork['task']; readonly emergency: Working['emergency'] }
  | { readonly kind: 'identifying'; readonly locker: LockerNo; readonly book: BookTitle | null }
  /** `attempt`: which try to open the door this is, from 1; 0 when it is only waited for. */
  | ({ readonly kind: 'opening'; readonly attempt: number } & Door)
  /** `reminded`: the resident was asked to shut the door. `isDamaged`: she said that the book she brings is damaged. */
  | ({ readonly kind: 'open'; readonly reminded: boolean; readonly isDamaged: boolean } & Door);

/** What to do now. Written to be read and heard by somebody of 75: short, polite, no jargon, the door's number. */
export function sceneWords(scene: Scene): Saying {
  switch (scene.kind) {
    case 'idle':
      return idle(scene);
    case 'out-of-service':
      return outOfService(scene.neighbours);
    case 'choosing':
      return sayings.choose;
    case 'looked-for':
      return sayings.lookedFor;
    case 'identifying':
      return {
        headline: { zh: '请出示\u200b您的借书码', en: 'Please show your pass' },
        detail: {
          zh: `您选了${doorZh(scene.locker)}的${inZh(scene.book)}。请把借书码或借书证\u200b对准扫码口。`,
          en: `You chose ${inEn(scene.book)}, door ${scene.locker}. Hold your pass or library card to the reader.`,
        },
      };
    case 'pin':
      return scene.isChecking ? sayings.checkingPin : sayings.enterPin;
    case 'asking':
      return {
        headline: { zh: '还书，还是续借？', en: 'Return this book, or keep it longer?' },
        detail: {
          zh: `${inZh(scene.book)}：请点“还书”或“续借”。`,
          en: `${inEn(scene.book, true)}: please tap “Return” or “Renew”.`,
        },
      };
    case 'working':
      return workWords(scene.task, scene.emergency);
    case 'opening':
      return scene.attempt <= 1 ? opening(scene) : openingAgain(scene.locker, scene.attempt);
    case 'open': {
      const saying = scene.reminded ? reminder(scene) : open(scene);
      return scene.isDamaged ? { ...saying, detail: sayings.damageHeard } : saying;
    }
  }
}

function idle({ booksHere, isFull, neighbours }: Extract<Scene, { kind: 'idle' }>): Saying {
  const saying = booksHere > 0 ? sayings.welcome : sayings.allLent;
  if (!isFull) return saying;
  const nearby = nearbyWords(neighbours.slice(0, 1));
  const borrow = booksHere > 0 ? sayings.tapABook : { zh: '', en: '' };
  const full = nearby
    ? {
        zh: `柜子放满了，还书请到${nearby.zh}。`,
        en: `The cabinet is full: please return books at ${nearby.en}.`,
      }
    : { zh: '柜子放满了，请晚些再来还书。', en: 'The cabinet is full: please return books later.' };
  return {
    headline: saying.headline,
    detail: { zh: `${borrow.zh}${full.zh}`, en: `${borrow.en} ${full.en}`.trim() },
  };
}

function outOfService(neighbours: readonly Sentence[]): Saying {
  const nearby = nearbyWords(neighbours) ?? { zh: '附近的书亭', en: 'another kiosk nearby' };
  return {
    headline: { zh: '暂时不能借还', en: 'Not in service just now' },
    detail: {
      zh: `请稍后再来，或到${nearby.zh}。给您添麻烦了。`,
      en: `Please come back later, or use ${nearby.en}. We are sorry.`,
    },
  };
}

const sayings = {
  tapABook: {
    zh: '点一下想看的书，再扫借书码或借书证。',
    en: 'Tap a book, then scan your pass or library card.',
  },
  welcome: {
    headline: { zh: '您好，请选一本书', en: 'Hello. Please choose a book' },
    detail: {
      zh: '点一下想看的书，再扫借书码或借书证。还书请扫书上的条码。',
      en: 'Tap a book, then scan your pass or library card. To return a book, scan its barcode.',
    },
  },
  allLent: {
    headline: { zh: '书都借出去了', en: 'Every book is out on loan' },
    detail: {
      zh: '您来还书，请扫书上的条码。想借书，请晚些再来。',
      en: 'To return a book, scan its barcode. To borrow, please come back later.',
    },
  },
  lookedFor: {
    headline: { zh: '我在这里！', en: 'Here I am!' },
    detail: { zh: '管理员正在找这个书庭。', en: 'A maintainer is looking for this kiosk.' },
  },
  choose: {
    headline: { zh: '请点一本书', en: 'Please tap a book' },
    detail: {
      zh: '点一下您想借的书，它的门就会打开。',
      en: 'Tap the book you would like, and its door will open.',
    },
  },
  enterPin: {
    headline: { zh: '请输入\u200b借书证密码', en: 'Please enter your card’s PIN' },
    detail: { zh: '按数字，再按“确定”。', en: 'Tap the digits, then “OK”.' },
  },
  checkingPin: {
    headline: { zh: '请稍等', en: 'One moment, please' },
    detail: { zh: '正在核对密码。', en: 'We are looking at your PIN.' },
  },
  damageHeard: {
    zh: '谢谢您告诉我们。放好书，轻轻把门推上。',
    en: 'Thank you for telling us. Put the book inside and gently push the door shut.',
  },
} as const satisfies Record<string, Saying | Sentence>;

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

/** The door did not open; the lock was released once more. */
function openingAgain(locker: LockerNo, attempt: number): Saying {
  return attempt === 2
    ? {
        headline: { zh: `请再拉一下${doorZh(locker)}`, en: `Please pull door ${locker} again` },
        detail: { zh: '门锁又松开了一次。', en: 'Its lock has been released once more.' },
      }
    : {
        headline: { zh: `请先推一推，再拉开${doorZh(locker)}`, en: `Push door ${locker} gently, then pull` },
        detail: {
          zh: '门锁又松开了一次。轻轻推一下门，再向外拉。',
          en: 'Its lock has been released once more. Push the door gently, then pull it.',
        },
      };
}

/** The door has been open for long. */
function reminder({ locker, purpose, book }: Door): Saying {
  const headline = { zh: `请把${doorZh(locker)}关好`, en: `Please close door ${locker}` };
  const detail =
    purpose === 'checkout'
      ? {
          zh: `取出${inZh(book)}以后，轻轻把门推上。`,
          en: `Take ${inEn(book)}, then gently push the door shut.`,
        }
      : {
          zh: `放好${inZh(book)}以后，轻轻把门推上。`,
          en: `Put ${inEn(book)} inside, then gently push the door shut.`,
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

/** Asks to close a door that was left open; null when all are shut. */
export function openDoorWords(doors: readonly LockerNo[]): Sentence | null {
  if (doors.length === 0) return null;
  return {
    zh: `${doors.join('、')} 号门还开着，请帮忙关上，谢谢。`,
    en: `Door ${doors.join(', ')} is still open. Please push it shut. Thank you.`,
  };
}
