import type { Sentence } from '../../display/phrases.js';

/** The languages of the page, the first being the one it returns to. */
export type Language = 'zh' | 'en';

/** What the kiosks are called, in every language. */
export const houseName = '乐宁书庭';

/** The fixed words of the page: buttons, marks and captions. What to do now comes with the view. */
export const labels = {
  otherLanguage: { zh: 'English', en: '中文' },
  voiceOn: { zh: '朗读：开', en: 'Voice: on' },
  voiceOff: { zh: '朗读：关', en: 'Voice: off' },
  cancel: { zh: '取消', en: 'Cancel' },
  done: { zh: '好的', en: 'Done' },
  erase: { zh: '删除', en: 'Delete' },
  enter: { zh: '确定', en: 'OK' },
  stuck: { zh: '门打不开', en: 'It will not open' },
  offline: { zh: '网络暂断，照常借还', en: 'Offline: lending as usual' },
  door: { zh: '号门', en: 'Door' },
  empty: { zh: '空', en: 'Empty' },
  unavailable: { zh: '暂停', en: 'Closed' },
  kept: { zh: '为您保留', en: 'For you' },
  reserved: { zh: '已预约', en: 'Reserved' },
  books: { zh: '选书', en: 'Books' },
  loans: { zh: '我借的书', en: 'My loans' },
  yourLoans: { zh: '您借的书', en: 'Your loans' },
  loansWhy: { zh: '要还书，请扫书上的条码。', en: 'To return a book, scan its barcode.' },
  renew: { zh: '续借', en: 'Renew' },
  notTaken: { zh: '没拿到书', en: 'I did not take it' },
  receipt: { zh: '还书凭条，可拍照留存', en: 'Your receipt: take a photo' },
  untitled: { zh: '未登记书名', en: 'Title not known' },
  shelves: { zh: '柜中的书', en: 'Books in this cabinet' },
  dueBy: { zh: '最晚归还', en: 'Return by' },
  lentStamp: { zh: '已借', en: 'Borrowed' },
  returnedStamp: { zh: '已还', en: 'Returned' },
  renewedStamp: { zh: '续借', en: 'Renewed' },
  wechat: { zh: '用微信扫一扫', en: 'Scan with WeChat' },
  wechatWhy: { zh: '在手机上选书，门就打开', en: 'and choose a book on your phone' },
  signOut: { zh: '退出', en: 'Sign out' },
  allDoors: { zh: '所有的门', en: 'All doors' },
  leaving: { zh: '要取出的书', en: 'To take out' },
  nothingLeaves: { zh: '没有要取出的书。', en: 'Nothing is to be taken out.' },
  noBook: { zh: '没有书', en: 'No book' },
  openDoor: { zh: '打开', en: 'Open' },
  withdraw: { zh: '取出', en: 'Take out' },
  withhold: { zh: '停用', en: 'Take out of service' },
  restore: { zh: '恢复使用', en: 'Back into service' },
  close: { zh: '关闭', en: 'Close' },
  lost: { zh: '暂时无法使用', en: 'Not available just now' },
  lostWhy: {
    zh: '屏幕正在重新连接，请稍等片刻。',
    en: 'The screen is reconnecting. Please wait a moment.',
  },
} as const satisfies Record<string, Sentence>;

/** “还有 12 秒”. */
export function countdownWords(seconds: number): Sentence {
  return { zh: `还有 ${seconds} 秒`, en: `${seconds} s left` };
}
