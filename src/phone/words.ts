import { type BookTitle, doorZh, inEn, inZh, type Sentence } from '../display/phrases.js';
import { refusalOf } from '../display/refusal-words.js';
import type { LockerNo } from '../kernel/ids.js';

/** The fixed words of the pages: headings, reasons and buttons. */
export const words = {
  house: { zh: '乐宁书庭', en: 'Lening Book Kiosk' },
  choose: { zh: '点一本书，门就打开', en: 'Tap a book and its door opens' },
  chooseForCode: { zh: '选一本书，取借书码', en: 'Choose a book, get a code for it' },
  atScreen: { zh: '我到书柜屏幕上选', en: 'I will choose on the kiosk’s screen' },
  anyCode: { zh: '我到书柜再选，先取码', en: 'I will choose at the kiosk: give me a code' },
  noBooks: { zh: '现在没有可借的书', en: 'There are no books to borrow just now' },
  noBooksWhy: { zh: '请晚些再来，或到附近的书亭。', en: 'Please come back later, or try another kiosk.' },
  open: { zh: '打开这扇门', en: 'Open this door' },
  giveCode: { zh: '取借书码', en: 'Give me the code' },
  back: { zh: '再看看别的书', en: 'Look at other books' },
  again: { zh: '再试一次', en: 'Try again' },
  another: { zh: '再借一本', en: 'Borrow another' },
  standThere: { zh: '请先站到书柜前。', en: 'Please stand before the kiosk first.' },
  willShow: {
    zh: '手机上会出现一个码，对准书柜的读码口，门就打开。',
    en: 'A code will appear; hold it to the kiosk’s reader and the door opens.',
  },
  hello: { zh: '您好', en: 'Hello' },
  notMe: { zh: '换人', en: 'Not me' },
  refresh: { zh: '看看好了没有', en: 'Look again' },
  demoShow: { zh: '演示：对准读码口', en: 'Demo: hold it to the reader' },
  noNetwork: { zh: '手机没有网络，正在重新连接…', en: 'Your phone is offline; trying again…' },
} as const satisfies Record<string, Sentence>;

/** Why a phone can have no more than a code for the reader. */
export const proofWords = {
  none: {
    zh: '没有收到书柜屏幕上的码，门不能直接打开（书柜刚开机时会这样）。可以取借书码，给书柜看；也可以再扫一次屏幕。',
    en: 'We did not get the code on the kiosk’s screen, so no door opens directly (just after a start it shows none). Get a code to show to the kiosk, or scan the screen again.',
  },
  wrong: {
    zh: '刚才的码已经变了。请再扫一次书柜屏幕上的码，门就能直接打开。',
    en: 'That code has changed meanwhile. Scan the code on the kiosk’s screen once more, and doors open directly.',
  },
  'too-often': {
    zh: '扫码次数多了，请过十分钟再扫。现在可以取借书码，给书柜看。',
    en: 'There were many scans; please wait ten minutes. You can still get a code and show it to the kiosk.',
  },
} as const satisfies Record<string, Sentence>;

/** A page that only says something. */
export const messages = {
  noKiosk: {
    headline: { zh: '没有这个书亭', en: 'There is no such kiosk' },
    detail: { zh: '请扫书柜屏幕上的码。', en: 'Please scan the code on a kiosk’s screen.' },
  },
  tooMany: {
    headline: { zh: '请稍等一会儿', en: 'Please wait a little' },
    detail: {
      zh: '刚才取的次数多了。请过十分钟再来，或用借书证。',
      en: 'You have asked many times. Please come back in ten minutes, or use your library card.',
    },
  },
  gone: {
    headline: { zh: '这一页已经过期', en: 'This page is out of date' },
    detail: { zh: '请再扫一次书柜屏幕上的码。', en: 'Please scan the code on the kiosk’s screen again.' },
  },
} as const;

/** What the kiosk may answer that its own screen never says. */
const answers: ReadonlyMap<string, Sentence> = new Map(
  Object.entries({
    busy: {
      zh: '书柜前正有人在用。等他用完，再试一次。',
      en: 'Somebody is using the kiosk. Wait until they have finished, then try again.',
    },
    'pass-used': {
      zh: '这一次已经用过了。想再借，请重新选书。',
      en: 'This one has been used. To borrow again, please choose a book again.',
    },
    'pass-revoked': {
      zh: '这一次已经停用。请重新选书。',
      en: 'This one is no longer good. Please choose a book again.',
    },
    'command-expired': {
      zh: '书柜收到得太晚，没有开门。请再试一次。',
      en: 'The kiosk heard of it too late and opened nothing. Please try again.',
    },
  }),
);

/** Why the kiosk refused, and what to do instead. */
export function reasonWords(reason: string | null): Sentence {
  const known = reason === null ? undefined : (answers.get(reason) ?? refusalOf(reason));
  return (
    known ?? { zh: '书柜现在不能开门。请再试一次。', en: 'The kiosk cannot open now. Please try again.' }
  );
}

/** “借《边城》？”. */
export function askWords(book: BookTitle): Sentence {
  return { zh: `借${inZh(book)}？`, en: `Borrow ${inEn(book)}?` };
}

/** Which door it will be. */
export function doorWillOpen(locker: LockerNo): Sentence {
  return { zh: `${doorZh(locker).trim()}会打开。`, en: `Door\u00a0${locker} will open.` };
}
