/**
 * Every limit of the kiosk in one place, with its reason. Units come last in the name.
 * Relations between limits are asserted by test/kernel/limits.test.ts.
 */
export const limits = {
  // Scanning

  /** Longest scan accepted: a pass is about 200 characters, a QR URL rarely over 300; the rest is noise. */
  scanLengthBytes: 512,
  /** Silence after which an unfinished scan is thrown away: a byte takes 1 ms at 9600 baud, but a busy Pi may read late. */
  scanGapMs: 250,
  /** The same code again within this time is the same scan: readers repeat while a code stays in view. */
  scanRepeatMs: 1_000,
  /** A GM65 answers within some 20 ms at 9600 baud; it is asked twice. */
  gm65ReplyMs: 200,
  /** A GM65 that was given another speed, or reset, is deaf for more than 200 ms. */
  gm65RestartMs: 300,
  /** Noise from a GM65 open for longer makes the kiosk look for its speed anew, which takes it from residents for up to 2 s. */
  gm65SpeedProbeMs: 30_000,
  /** Different codes in a second: people scan one, a reader that sees a sheet of labels perhaps five. */
  scansPerSecond: 10,
  /** Noise from the reader is told at most this often, so that a bad line cannot flood the log. */
  scanNoiseReportMs: 1_000,

  // Passes, PINs and visits

  /** Pass text longer than this is refused before any decoding (a flood of parsing would be cheap to cause). */
  passLengthChars: 400,
  /** A pass is accepted this long before it begins: the catalogue's clock may be ahead of the kiosk's. */
  passClockSkewMs: 60_000,
  /** A pass for one loan is good for a day at most: used ones are remembered until then. */
  grantLifeMs: 86_400_000,
  /** Used single-use passes remembered: a kiosk lends some fifty books a day and they live for a day. */
  spentPassesLength: 1_000,
  /** Who has just borrowed may say that she did not take the book for so long. */
  notTakenMs: 120_000,
  /** How long a member of staff may do nothing before she counts as gone. */
  staffIdleMs: 300_000,
  /** PINs that may be tried at once; after that each waits longer: twice as long every time, up to the last. */
  pinFreeAttempts: 3,
  pinWaitFirstMs: 60_000,
  pinWaitMaxMs: 3_600_000,
  /** Wrong PINs of whatever cards after which every card waits: somebody tries one PIN with many. One is forgotten each time. */
  pinAllCardsAttempts: 12,
  pinAllCardsWaitMs: 600_000,
  /** A PIN has been checked this long after it was entered, or the visit ends. */
  pinCheckMs: 5_000,
  /** A door that does not open in an emergency is passed over after this time. */
  emergencyDoorMs: 3_000,
  /** Inputs waiting for the core; a resident makes a few per second, so a fuller queue is a flood. */
  inputQueueLength: 256,
  /** The core looks at the calendar this often: a hold that ends a minute late harms nobody. */
  calendarEveryMs: 60_000,
  /** “It does not open” counts again this long after a try: people tap twice, and a coil needs its rest. */
  stuckRepeatMs: 2_000,
  /** Who opens a door this long after the wait for it was over is still the same person: latches may stay free a while. */
  lateOpeningMs: 60_000,
  /** A door that springs open this soon after it was shut was not latched yet; nobody forced it. */
  latchCatchMs: 3_000,
  /** A sensor behind a door may need this long to settle after the door was shut. */
  itemSettleMs: 5_000,
  /** The last words stay on the screen so many times as long where there is another book to choose: read it, decide, reach out (16 s). */
  farewellChoiceTimes: 2,
  /** … and where there is a receipt to photograph: a telephone is found and held up within 24 s. */
  farewellReceiptTimes: 3,

  // Clock

  /** A clock set back by this much was corrected, not lost: computers drift by seconds a day. */
  clockBackMs: 120_000,
  /** A clock further ahead of the last certain time is wrong: no kiosk is switched off for so long (400 days). */
  clockAheadMs: 34_560_000_000,
  /** The system is asked this often whether the network has set the clock, until it has. */
  clockAskEveryMs: 10_000,

  // Locker boards

  /** Longest sysex frame on the board's wire; the AVR's receive buffer holds two of them. */
  boardFrameBytes: 60,
  /** Longest Firmata answer taken: a stock Mega 2560 describes its 70 pins in about 800 bytes. */
  firmataSysexBytes: 1_024,
  /** The host tells the board it is alive this often; the board's patience must exceed a slow SD card's sync (850 ms seen). */
  heartbeatEveryMs: 500,
  /** A board that has not answered for this long is lost. */
  heartbeatDeadlineMs: 2_000,
  /** Without a host for this long the firmware switches every lock off. */
  hostSilenceMs: 3_000,
  /** A board must have agreed on its settings this long after its port opened. */
  boardReadyMs: 8_000,
  /** A board that has said its name describes its pins in some 900 bytes, 160 ms; without them so long later it is asked anew. */
  boardDescriptionMs: 2_000,
  /** The board is asked again who it is this often until it says so: it may still be in its boot loader. */
  boardHelloRepeatMs: 500,
  /** A single answer takes some 10 ms at 57 600 baud; without one for this long a question counts as lost. */
  boardAnswerMs: 500,
  /** An unlock is repeated this long after it was not answered (the board executes it once), and so many times in all. */
  pulseRepeatMs: 150,
  pulseAttempts: 3,
  /** A lock that must rest is waited for this long at most: a door must not open after its visit has ended. */
  lockRestWaitMs: 5_000,
  /** Added to the rest that the board asks for, so that its clock and ours need not agree to the millisecond. */
  lockRestMarginMs: 10,
  /** Reports of growth of the same counter of a board are this far apart. */
  boardCounterLogEveryMs: 60_000,
  /** The board reports the end of a pulse at most this long after it. */
  pulseEndWaitMs: 500,
  /** Door switches still bouncing this long after the settings were applied are reported as unknown. */
  doorsSettleMs: 600,
  /** How long a stopping kiosk waits for the board to say that its session has ended, all locks off. */
  boardCloseMs: 300,

  // Kerong boards

  /** A Kerong board is asked for its hooks this often; question and answer take some 12 ms of it. */
  kerongPollMs: 100,
  /** It answers within 10 ms; the adapter or the network between may take its time. Until then nothing is written. */
  kerongAnswerMs: 150,
  /** Pause after it has spoken, in which it lets go of the two wires. */
  kerongTurnaroundMs: 5,
  /** Pause where it may speak or not: after an unlock, which some boards answer, and when the port was just opened. */
  kerongListenMs: 40,
  /** A device that has not answered twice alike by then is none of ours, or has restless hooks. */
  kerongDetectMs: 1_500,
  /** It holds a coil for some half a second by itself; no other is asked for sooner after it. */
  kerongCoilMs: 1_000,
  /** Rest of one coil between two pulses. */
  kerongRestMs: 2_000,
  /** A hook that has not let go this long after its unlock does not. */
  kerongReleaseMs: 1_500,
  /** Bytes kept of what is heard after a question; an answer and an echo have 18. */
  kerongReceiveBytes: 64,

  // Serial ports

  /** First and longest wait before a lost port is tried again. */
  reconnectFirstMs: 250,
  reconnectMaxMs: 10_000,
  /** Bytes queued to a serial port; a port that does not drain is dead. */
  portWriteQueueBytes: 4_096,
  /** How long a network adapter may take to accept a connection, and to finish one. */
  portOpenMs: 3_000,
  portCloseMs: 500,
  /** Silence on a serial-over-TCP line after which the system asks whether the adapter is still there. */
  portKeepAliveMs: 10_000,

  // Link to the catalogue

  /** Events in one batch to the catalogue: some 80 KB, one MQTT message; 2 ms of work on a PC, in which a resident waits. */
  linkBatchEvents: 500,
  /** Batches sent and not yet acknowledged by the catalogue, or acknowledged and not yet marked on the card: some 400 KB, 20,000 events a second over 80 ms. */
  linkWindowBatches: 4,
  /** Resend what the catalogue has not acknowledged after this long. */
  linkAckWaitMs: 10_000,
  /** How long the broker may take to accept a connection. */
  linkConnectMs: 8_000,
  /** Seconds between signs of life on the link: a half-open connection is noticed after 1.5 times that. */
  linkKeepaliveS: 15,
  /** How long the link waits for the broker to hear that the kiosk goes. */
  linkCloseMs: 1_000,
  /** Largest message the link takes from the broker: a document of so many titles and items, or cards. */
  linkMessageBytes: 8_388_608,
  /** Longest packet a broker may begin to send: such a message and its topic, of 64 KB at most. */
  linkPacketBytes: 8_519_680,
  /** Titles, items, cards and blocked patrons in a document: a street of fifty kiosks, and what its people have at home. */
  documentRowsLength: 20_000,
  /** Revoked passes in a document: the newest; the oldest have run out by themselves. */
  revokedPassesLength: 10_000,
  /** Keys that a kiosk believes at once: the one in use, the next one, and some on their way out. */
  keysLength: 10,
  /** The longest life of a command: whoever wants it later can order it again. */
  commandLifeMs: 86_400_000,
  /** The catalogue’s clock and a kiosk’s may differ by so much before commands are refused as too early or taken as over. */
  commandSkewMs: 600_000,
  /** Commands remembered: some hundred in the day they live. */
  commandsLength: 1_000,
  /** A command that nobody has answered is sent again this often, until its time is over. */
  commandRepeatMs: 5_000,
  /** How long an order is good for, unless whoever gives it says otherwise. */
  commandDefaultLifeMs: 600_000,
  /** A kiosk whose clock is in doubt takes a command that was sealed with its challenge this soon after. */
  commandChallengeMs: 60_000,
  /** Holds on the items of one kiosk; it has 999 doors at most. */
  holdsLength: 1_000,
  /** Loans of one kiosk that ended elsewhere and may not be known there yet: the newest. */
  returnsLength: 1_000,
  /** Reconnect waits of the link, with full jitter: a street of fifty kiosks knocks ten times a second at most. */
  linkReconnectFirstMs: 1_000,
  linkReconnectMaxMs: 10_000,

  // Journal

  /** SQLite page: small pages write fewer bytes per commit to the SD card (2.9 x fewer than 4096). */
  journalPageBytes: 1_024,
  /** The write-ahead log is checkpointed at this many pages and cut back to this size. */
  journalWalPages: 1_000,
  journalWalBytes: 4_194_304,
  /** After so many appends, once nothing was appended for so long, the log is checkpointed out of residents' way. */
  journalCheckpointSteps: 100,
  journalQuietMs: 10_000,
  /** A journal that could not be written is opened anew this often: somebody may have made room, a card may be back. */
  journalRetryMs: 30_000,
  /** Where so many events in a row cannot be read, there are no more: a lost page has ten. */
  journalGapEvents: 1_000,
  /** Backups of the journal that are kept: should the newest be no good, there is another. */
  journalBackups: 2,
  /** The first backup after a start: not while everything else starts. */
  journalBackupFirstMs: 600_000,
  /** Acknowledged events are kept half a year, to answer questions at the kiosk: 10 MB at fifty loans a day. */
  journalKeepDays: 180,
  /** After a longer pause the journal looks for what it need not keep, a piece at a time with pauses between. */
  journalIdleMs: 900_000,
  journalHousekeepingPauseMs: 1_000,
  /** With more events than this unacknowledged the kiosk has been off line for weeks; nobody is forgotten meanwhile. */
  journalUnsentEvents: 5_000,
  /** The mark is written by itself once it is so many events ahead: a sync for each batch of a backlog. */
  journalMarkEvents: 500,
  /** Events read, put away or looked over in one go: some 5 ms on a Pi. */
  journalSliceEvents: 500,
  /** A journal of at most so many events is compared with its tables before it is used (1 s on a Pi), a longer one in quiet moments. */
  journalCompareEvents: 60_000,

  // Monitoring, log and machine

  /** A kiosk says how it is this often, … */
  healthEveryMs: 60_000,
  /** … and so long after something has changed: once a second at most, however many doors move. */
  healthChangeDelayMs: 1_000,
  /** Events that the catalogue has not acknowledged for so long are worth an alert: a link is often down for minutes. */
  backlogAlertS: 3_600,
  /** Less room than this on the journal’s medium is an alert: half a year of events needs 10 MB, logs 4 MB. */
  diskLowBytes: 100_000_000,
  /** A Pi slows down from 80 °C on. */
  cpuHotCelsius: 80,
  /** The newest lines of the log that are kept in memory for maintainers who ask, and how long each may be. */
  logTailLength: 200,
  logTailLineBytes: 1_000,
  /** Questions that are answered in a second; a maintainer asks a few, a page full of them some. */
  requestsPerSecond: 5,
  /** A kiosk that is looked for shows itself for so long. */
  identifyMs: 10_000,
  /** Kiosks a monitor shows; a street has fifty. */
  monitorKiosksLength: 1_000,
  /** A monitor looks at the clock this often, has heard all that is retained when nothing came for so long, and waits so long for a broker. */
  monitorRefreshMs: 500,
  monitorRetainedMs: 700,
  monitorConnectMs: 10_000,
  /** Log lines kept in memory while the destination cannot take them. */
  logBufferBytes: 1_048_576,
  /** Size at which a log file is put aside; two are kept. */
  logFileBytes: 2_097_152,

  // Embedded broker

  /** Clients of the embedded broker: a street's kiosks, its catalogue, and a few people looking. */
  brokerClients: 100,
  /** Retained messages at the embedded broker, and their bytes: six for each kiosk, most of them small, and room. */
  brokerRetainedLength: 1_000,
  brokerRetainedBytes: 134_217_728,
  /** How long a client may take to introduce itself to the embedded broker. */
  brokerConnectMs: 5_000,
  /** Messages the embedded broker queues for one client; kiosk and catalogue resend what is dropped. */
  brokerQueueLength: 1_000,

  // Catalogue

  /** Longest wait of the catalogue before it tries again: it is one, and all kiosks wait for it. */
  catalogueReconnectMaxMs: 1_000,
  /** How long the catalogue waits for its file when another program writes to it. */
  catalogueBusyMs: 250,
  /** Batches that come at once are stored together, up to so many events: some 30 ms, in which nobody is answered. */
  catalogueBatchEvents: 2_000,
  /** Documents that change within this time are told to kiosks once. */
  cataloguePublishDelayMs: 100,
  /** How long the catalogue's start waits for the broker before it goes on without. */
  catalogueConnectMs: 1_000,

  // Screen

  /** Pages connected to the screen or cabinet server at once. */
  screenClients: 16,
  /** How often the screen tells its pages that it lives; a page that misses two says so. */
  screenHeartbeatMs: 5_000,
  /** Largest body a page may post. */
  screenPostBytes: 4_096,

  // Pages for residents’ telephones, and the code that leads to them

  /** The code in the screen's QR: shown so long, and nobody types it. The catalogue takes the one before and after too. */
  presencePeriodS: 30,
  presenceCodeChars: 8,
  /** How often the screen looks whether its code has changed. */
  invitationCheckMs: 1_000,
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
  phoneRepeatMs: 20_000,
  /** Who has scanned the screen's code counts as standing there so long: to choose a book takes its time. */
  phonePresenceMs: 300_000,
  /** A kiosk that is connected answers a wish within some 100 ms; after this the phone shows a code for its reader. */
  phoneAnswerMs: 6_000,
  /** Wishes of one person within this time. */
  phoneRequestAttempts: 10,
  phoneRequestWindowMs: 600_000,
  /** How long a phone keeps its tickets; each says for itself until when it is good. */
  phoneTicketS: 43_200,
  /** How long whoever draws a map need not ask for the kiosks again. */
  stationsTtlS: 60,
  /** How long a phone may take to send a request, and how many connections the pages have at once. */
  phoneRequestMs: 10_000,
  phoneClients: 500,
  /** Names counted at once where tries are counted: a street's people within ten minutes, and many more. */
  rateLimiterLength: 10_000,

  // Program

  /** A second Ctrl-C this soon is the first one again: npm passes it on to a program that has it from the terminal already. */
  signalEchoMs: 500,
  /** How long each part may take to stop before the process exits anyway. */
  stopMs: 3_000,

  // Emulator and technician’s tools

  /** Bytes on their way into the emulated board's UART: what the kernel holds of a serial port's output. */
  emulatorUartBytes: 16_384,
  /** The emulated board may be this late; what it is more (a suspended computer) is skipped, not caught up with. */
  emulatorLagMs: 250,
  /** How often the emulated board is brought up to date while nothing happens, and just after something did. */
  emulatorIdleMs: 8,
  emulatorBusyMs: 1,
  /** How long the emulator program may take until it says where it is; a busy machine starts slowly. */
  emulatorReadyMs: 30_000,
  /** How long the technician's test of a lock waits for its pulse to be over: rest, the longest pulse, and room. */
  lockerTestPulseMs: 15_000,
  /** How long it waits for the technician to open and to shut a door, unless told otherwise, and at most. */
  lockerTestWaitMs: 20_000,
  lockerTestWaitMaxMs: 600_000,
  /** Largest file of demonstration residents and books. */
  emulatorPropsBytes: 1_048_576,
} as const;
