/** The limits of the pages for residents' telephones, and of the code that leads to them; part of `limits`. */
export const phoneLimits = {
  /** The code in the screen's QR: shown so long, and nobody types it. The catalogue takes the one before and after too. */
  presencePeriodS: 30,
  presenceCodeChars: 8,
  /** How often the screen looks whether its code has changed. */
  invitationLookMs: 1_000,
  /** How often one person may use one code: pages are loaded again. */
  presenceUseTimes: 3,
  /** Wrong codes within this time after which one person, or everybody at one kiosk, must wait: 3 of 10^8 are right. */
  presenceGuessAttempts: 5,
  presenceKioskGuessAttempts: 200,
  presenceGuessMs: 600_000,
  /** A kiosk that has not heard of a phone's wish for so long will not open a door for it: she may have gone. */
  phoneOrderMs: 60_000,
  /** … but her phone may show it to the reader for so long. */
  phoneGrantMs: 600_000,
  /** What became of it is known so long. */
  phoneGrantKeepMs: 604_800_000,
  /** The same wish again this soon is the same wish: people tap twice, and pages are loaded again. */
  phoneAgainMs: 20_000,
  /** Who has scanned the screen's code counts as standing there so long: to choose a book takes its time. */
  phoneStayMs: 300_000,
  /** A kiosk that is connected answers a wish within some 100 ms; after this the phone shows a code for its reader. */
  phoneAnswerMs: 6_000,
  /** Wishes of one person within this time. */
  phoneWishAttempts: 10,
  phoneWishMs: 600_000,
  /** How long a phone keeps its tickets; each says for itself until when it is good. */
  phoneTicketS: 43_200,
  /** How long whoever draws a map need not ask for the kiosks again. */
  stationsTtlS: 60,
  /** How long a phone may take to send a request, and how many connections the pages have at once. */
  phoneRequestMs: 10_000,
  phoneClients: 500,
  /** Names counted at once where tries are counted: a street's people within ten minutes, and many more. */
  tallyLength: 10_000,
} as const;
