import type { Refusal } from '../circulation/state.js';
import type { Sentence } from './phrases.js';

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
  'code-is-payment': {
    zh: '这是付款码，这里不收钱。请打开借书码再扫。',
    en: 'That is a payment code; nothing is paid here. Please open your pass and scan it.',
  },
  'code-is-link': {
    zh: '这是一个网址。请扫借书码，或书上的馆藏条码。',
    en: 'That is a web link. Please scan your pass, or the library label on the book.',
  },
  'code-is-staff': {
    zh: '这是工作人员的码。工作人员请用现场工具，不在屏幕上操作。',
    en: 'That is a staff code. Staff work with the tools on site, not on this screen.',
  },
  'locker-empty': {
    zh: '这一格里没有书。请换一本。',
    en: 'There is no book behind this door. Please choose another.',
  },
  'locker-unavailable': {
    zh: '这扇门现在不能用。请换一本。',
    en: 'This door cannot be used now. Please choose another book.',
  },
  'locker-stuck': {
    zh: '刚才那扇门打不开，我们会来修。请用另一扇门。',
    en: 'The last door did not open; we will repair it. Please use another one.',
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
