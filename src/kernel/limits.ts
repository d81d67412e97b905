/**
 * Every limit of the kiosk in one place, with its reason. Units come last in the name.
 * Relations between limits are asserted by test/kernel/limits.test.ts.
 */
export const limits = {
  // Scanning

  /** Longest scan accepted: a pass is about 200 characters, a QR URL rarely over 300; the rest is noise. */
  scanLengthBytes: 512,
  /** Silence after which an unfinished scan is dropped: a byte takes 1 ms at 9600 baud, but a busy Pi may read late. */
  scanGapMs: 250,
  /** The same code again within this time is the same scan: readers repeat while a code stays in view. */
  scanRepeatMs: 1_000,
  /** A GM65 answers within some 20 ms at 9600 baud; it is asked twice. */
  gm65ReplyMs: 200,
  /** A GM65 ignores its line for more than 200 ms after a change of speed or a reset. */
  gm65RestartMs: 300,
  /** Noise from a GM65 that has been open for longer starts a new search for its speed, during which it does not scan, up to 2 s. */
  gm65SpeedProbeMs: 30_000,
  /** Different codes in a second: people scan one, a reader that sees a sheet of labels perhaps five. */
  scansPerSecond: 10,
  /** Noise from the reader is reported at most this often, so that a bad line cannot flood the log. */
  scanNoiseReportMs: 1_000,

  // Passes, PINs and visits

  /** Pass text longer than this is refused before any decoding (a flood of parsing would be cheap to cause). */
  passLengthChars: 400,
  /** A pass is accepted this long before it begins: the catalogue's clock may be ahead of the kiosk's. */
  passClockSkewMs: 60_000,
  /** A pass for one loan is valid for a day at most: used ones are kept until then. */
  grantLifeMs: 86_400_000,
  /** Used single-use passes kept: a kiosk lends some fifty books a day, and passes are valid for a day. */
  spentPassesLength: 1_000,
  /** How long a borrower can report that the book was not taken. */
  notTakenMs: 120_000,
  /** Inactivity after which a staff session ends. */
  staffIdleMs: 300_000,
  /** PIN attempts without a wait; after them each attempt waits twice as long as the one before, up to the maximum. */
  pinFreeAttempts: 3,
  pinWaitFirstMs: 60_000,
  pinWaitMaxMs: 3_600_000,
  /** Wrong PINs of all cards together after which every card waits (one PIN tried with many cards). The count falls by one per wait. */
  pinAllCardsAttempts: 12,
  pinAllCardsWaitMs: 600_000,
  /** Longest check of a PIN; after it the visit ends. */
  pinCheckMs: 5_000,
  /** In an emergency, a door that does not open within this time is skipped. */
  emergencyDoorMs: 3_000,
  /** Inputs waiting for the core; a resident makes a few per second, so a longer queue is a flood. */
  inputQueueLength: 256,
  /** Interval at which the core checks the calendar: a hold may end a minute late. */
  calendarEveryMs: 60_000,
  /** “It does not open” is accepted again this long after an attempt: people tap twice, and a coil needs its rest. */
  stuckRepeatMs: 2_000,
  /** A door that opens this long after its visit timed out was opened by the same person: a latch may stay released for a while. */
  lateOpeningMs: 60_000,
  /** A door that opens this soon after it was closed was not latched; it was not forced. */
  latchCatchMs: 3_000,
  /** Time that an item sensor needs to settle after the door was closed. */
  itemSettleMs: 5_000,
  /** Factor on the time of the last screen of a visit when there is another book to choose: read, decide, reach out (16 s). */
  farewellChoiceTimes: 2,
  /** … and when there is a receipt to photograph: a person takes out a phone within 24 s. */
  farewellReceiptTimes: 3,

  // Clock

  /** A calendar that leaves elapsed time by more than this has jumped: computers drift by seconds a day. */
  clockStepMs: 120_000,
  /** Without a time service a calendar that is further ahead of the last certain time at the start must settle (30 days off). */
  clockAheadMs: 2_592_000_000,
  /** A calendar that jumped is believed after so long without another jump: a service sets a wrong one right within 35 minutes. */
  clockSettleMs: 3_600_000,
  /** … and one that went back where there is no service, which may just have lost the time, after a day. */
  clockSettleBackMs: 86_400_000,
  /** The system is asked this often whether the network has set the clock, until it has. */
  clockAskEveryMs: 10_000,

  // Locker boards

  /** Longest sysex frame on the board's wire; the AVR's receive buffer holds two of them. */
  boardFrameBytes: 60,
  /** Longest Firmata answer taken: a stock Mega 2560 describes its 70 pins in about 800 bytes. */
  firmataSysexBytes: 1_024,
  /** Interval of the host's heartbeat; the board's timeout must exceed a slow SD card's sync (850 ms measured). */
  heartbeatEveryMs: 500,
  /** A board that has not answered for this long is lost. */
  heartbeatDeadlineMs: 2_000,
  /** Without a host for this long the firmware switches every lock off. */
  hostSilenceMs: 3_000,
  /** Longest handshake: from the opening of the port until the board has confirmed its settings. */
  boardReadyMs: 8_000,
  /** After its name a board sends its pin description of some 900 bytes in 160 ms; when it is missing after this time, it is requested again. */
  boardDescriptionMs: 2_000,
  /** Interval at which the hello is repeated until the board answers: it may still be in its boot loader. */
  boardHelloRepeatMs: 500,
  /** A single answer takes some 10 ms at 57 600 baud; a request without one for this long counts as lost. */
  boardAnswerMs: 500,
  /** An unanswered unlock is repeated after this time (the board executes it once), up to this many attempts. */
  pulseRepeatMs: 150,
  pulseAttempts: 3,
  /** Longest wait for a lock that has to rest: a door must not open after its visit has ended. */
  lockRestWaitMs: 5_000,
  /** Added to the rest that the board requires, because its clock and the host's differ by milliseconds. */
  lockRestMarginMs: 10,
  /** Reports of growth of the same counter of a board are this far apart. */
  boardCounterLogEveryMs: 60_000,
  /** The board reports the end of a pulse at most this long after it. */
  pulseEndWaitMs: 500,
  /** Door switches still bouncing this long after the settings were applied are reported as unknown. */
  doorsSettleMs: 600,
  /** How long a stopping kiosk waits for the board to confirm the end of the session, all locks off. */
  boardCloseMs: 300,

  // Kerong boards

  /** Interval at which a Kerong board's hooks are polled; request and answer take some 12 ms of it. */
  kerongPollMs: 100,
  /** The board answers within 10 ms; an adapter or network between adds delay. Until then nothing is written. */
  kerongAnswerMs: 150,
  /** Pause after an answer, in which the board releases the two wires. */
  kerongTurnaroundMs: 5,
  /** Pause where an answer is optional: after an unlock, which some boards answer, and after the port was opened. */
  kerongListenMs: 40,
  /** A device that has not given two equal answers by then is not a Kerong board, or its hooks are moving. */
  kerongDetectMs: 1_500,
  /** The board holds a coil for some half a second by itself; the next unlock is sent after this time. */
  kerongCoilMs: 1_000,
  /** Rest of one coil between two pulses. */
  kerongRestMs: 2_000,
  /** A hook that is not released this long after its unlock has failed. */
  kerongReleaseMs: 1_500,
  /** Bytes kept of what is received after a request; an answer and an echo have 18. */
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
  /** Silence on a serial-over-TCP line after which the system sends keep-alive probes to the adapter. */
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
  /** MQTT keep-alive of the link: a half-open connection is detected after 1.5 times that. */
  linkKeepaliveS: 15,
  /** How long the link waits for the broker to confirm the kiosk's disconnect. */
  linkCloseMs: 1_000,
  /** Largest message the link accepts from the broker: a document with the most titles and items, or cards. */
  linkMessageBytes: 8_388_608,
  /** Longest packet accepted from a broker: such a message and its topic of at most 64 KB. */
  linkPacketBytes: 8_519_680,
  /** Titles, items, cards and blocked patrons in a document: a street of fifty kiosks, books on loan included. */
  documentRowsLength: 20_000,
  /** Revoked passes in a document: the newest; the oldest have expired. */
  revokedPassesLength: 10_000,
  /** Keys that a kiosk accepts at once: the one in use, the next one, and some being replaced. */
  keysLength: 10,
  /** The longest life of a command; after it staff can order it again. */
  commandLifeMs: 86_400_000,
  /** Largest difference between the catalogue’s clock and a kiosk’s before commands are refused as too early or expired. */
  commandSkewMs: 600_000,
  /** Commands kept: some hundred in the day they are valid. */
  commandsLength: 1_000,
  /** Interval at which an unanswered command is sent again until it expires. */
  commandRepeatMs: 5_000,
  /** How long an order is valid, unless it states another time. */
  commandDefaultLifeMs: 600_000,
  /** How long a kiosk whose clock is in doubt accepts a command sealed with its challenge. */
  commandChallengeMs: 60_000,
  /** Holds on the items of one kiosk; it has 999 doors at most. */
  holdsLength: 1_000,
  /** Loans of one kiosk that ended at another, in the document `returns`: the newest. */
  returnsLength: 1_000,
  /** Reconnect waits of the link, with full jitter: a street of fifty kiosks makes at most ten attempts a second. */
  linkReconnectFirstMs: 1_000,
  linkReconnectMaxMs: 10_000,

  // Journal

  /** SQLite page: small pages write fewer bytes per commit to the SD card (2.9 x fewer than 4096). */
  journalPageBytes: 1_024,
  /** The write-ahead log is checkpointed at this many pages and truncated to this size. */
  journalWalPages: 1_000,
  journalWalBytes: 4_194_304,
  /** After this many appends, and this long without one, the log is checkpointed while no resident waits. */
  journalCheckpointSteps: 100,
  journalQuietMs: 10_000,
  /** Interval at which a journal that could not be written is reopened: space may be free again, a card plugged in again. */
  journalRetryMs: 30_000,
  /** Salvage ends after this many unreadable events in a row: a lost page has ten. */
  journalGapEvents: 1_000,
  /** Backups of the journal that are kept: one more in case the newest is damaged. */
  journalBackups: 2,
  /** The first backup after a start, later than the rest of the start-up. */
  journalBackupFirstMs: 600_000,
  /** Acknowledged events are kept half a year, to answer questions at the kiosk: 10 MB at fifty loans a day. */
  journalKeepDays: 180,
  /** Without an append for this long the journal prunes old events, a slice at a time with pauses between. */
  journalIdleMs: 900_000,
  journalHousekeepingPauseMs: 1_000,
  /** With more unacknowledged events than this the kiosk has been offline for weeks; patrons are not erased until it is connected again. */
  journalUnsentEvents: 5_000,
  /** The sent-mark is written on its own once it is this many events ahead: one sync for each batch of a backlog. */
  journalMarkEvents: 500,
  /** Events read, pruned or checked in one slice: some 5 ms on a Pi. */
  journalSliceEvents: 500,
  /** A journal of at most so many events is compared with its tables before it is used (1 s on a Pi), a longer one while the kiosk is idle. */
  journalCompareEvents: 60_000,

  // Monitoring, log and machine

  /** Interval at which a kiosk publishes its health, … */
  healthEveryMs: 60_000,
  /** … and its delay after a change: at most once a second, however many doors move. */
  healthChangeDelayMs: 1_000,
  /** Age of the oldest unacknowledged event that raises an alert: a link is often down for minutes. */
  backlogAlertS: 3_600,
  /** Less free space than this on the journal’s medium raises an alert: half a year of events needs 10 MB, logs 4 MB. */
  diskLowBytes: 100_000_000,
  /** A Pi slows down from 80 °C on. */
  cpuHotCelsius: 80,
  /** Newest log lines kept in memory for the request `logs`, and the longest line. */
  logTailLength: 200,
  logTailLineBytes: 1_000,
  /** Requests answered in a second; a maintainer sends a few at once. */
  requestsPerSecond: 5,
  /** How long a kiosk shows itself after the request `identify`. */
  identifyMs: 10_000,
  /** Kiosks a monitor shows; a street has fifty. */
  monitorKiosksLength: 1_000,
  /** Interval at which a monitor redraws; silence after which all retained messages have arrived; longest wait for a broker. */
  monitorRefreshMs: 500,
  monitorRetainedMs: 700,
  monitorConnectMs: 10_000,
  /** Log lines kept in memory while the destination cannot take them. */
  logBufferBytes: 1_048_576,
  /** Size at which a log file is rotated; two are kept. */
  logFileBytes: 2_097_152,

  // Embedded broker

  /** Clients of the embedded broker: a street's kiosks, its catalogue, and a few monitors. */
  brokerClients: 100,
  /** Retained messages at the embedded broker, and their bytes: six for each kiosk, most of them small, with reserve. */
  brokerRetainedLength: 1_000,
  brokerRetainedBytes: 134_217_728,
  /** How long a client of the embedded broker may take to send CONNECT. */
  brokerConnectMs: 5_000,
  /** Messages the embedded broker queues for one client; kiosk and catalogue resend what is dropped. */
  brokerQueueLength: 1_000,

  // Catalogue

  /** Longest reconnect wait of the catalogue: it is one client, and all kiosks wait for it. */
  catalogueReconnectMaxMs: 1_000,
  /** How long the catalogue waits for its file when another program writes to it. */
  catalogueBusyMs: 250,
  /** Batches that arrive together are stored in one transaction of up to this many events: some 30 ms, in which no other message is handled. */
  catalogueBatchEvents: 2_000,
  /** Changes to documents within this time are published together. */
  cataloguePublishDelayMs: 100,
  /** How long the catalogue's start waits for the broker before it continues without. */
  catalogueConnectMs: 1_000,

  // Screen

  /** Pages connected to the screen or cabinet server at once. */
  screenClients: 16,
  /** Interval of the screen's heartbeat to its pages; a page that misses two shows it. */
  screenHeartbeatMs: 5_000,
  /** Largest body a page may post. */
  screenPostBytes: 4_096,

  // Pages for residents’ telephones, and the code that leads to them

  /** The one-time code in the screen's QR: its period and length (it is never typed). The catalogue accepts the one before and after too. */
  presencePeriodS: 30,
  presenceCodeChars: 8,
  /** Interval at which the screen checks for a new code. */
  invitationCheckMs: 1_000,
  /** How many times one person may use one code: pages are reloaded. */
  presenceUseTimes: 3,
  /** Wrong codes within this time after which one person, or all at one kiosk, have to wait: 3 of 10^8 are right. */
  presenceGuessAttempts: 5,
  presenceKioskGuessAttempts: 200,
  presenceGuessMs: 600_000,
  /** Life of an order from a phone: a kiosk that receives it later opens no door, because the person may have left. */
  phoneOrderMs: 60_000,
  /** Life of a grant that the phone shows to the reader. */
  phoneGrantMs: 600_000,
  /** How long the outcome of a grant is kept. */
  phoneGrantKeepMs: 604_800_000,
  /** The same order again within this time is the same order: people tap twice, and pages are reloaded. */
  phoneRepeatMs: 20_000,
  /** How long a scan of the screen's code proves presence: choosing a book takes minutes. */
  phonePresenceMs: 300_000,
  /** A connected kiosk answers an order within some 100 ms; after this the phone shows a code for the reader. */
  phoneAnswerMs: 6_000,
  /** Orders of one person within this time. */
  phoneRequestAttempts: 10,
  phoneRequestWindowMs: 600_000,
  /** How long a phone keeps its tickets; each carries its own expiry. */
  phoneTicketS: 43_200,
  /** How long a map may cache the list of kiosks. */
  stationsTtlS: 60,
  /** How long a phone may take to send a request, and the most connections at once. */
  phoneRequestMs: 10_000,
  phoneClients: 500,
  /** Keys that a rate limiter counts at once: more than a street's people within ten minutes. */
  rateLimiterLength: 10_000,

  // Program

  /** A second Ctrl-C within this time is a repeat of the first: npm forwards it to a program that has it from the terminal already. */
  signalEchoMs: 500,
  /** How long each part may take to stop before the process exits without it. */
  stopMs: 3_000,

  // Emulator and technician’s tools

  /** Bytes queued for the emulated board's UART: as many as the kernel buffers for a serial port. */
  emulatorUartBytes: 16_384,
  /** Largest lag of the emulated board; time beyond it (a suspended computer) is skipped, not caught up. */
  emulatorLagMs: 250,
  /** Step of the emulated board while nothing happens, and just after something did. */
  emulatorIdleMs: 8,
  emulatorBusyMs: 1,
  /** How long the emulator program may take to print its address; a busy machine starts slowly. */
  emulatorReadyMs: 30_000,
  /** How long locker-test waits for the end of a pulse: rest, the longest pulse, and reserve. */
  lockerTestPulseMs: 15_000,
  /** How long it waits for the technician to open and to close a door: default and maximum. */
  lockerTestWaitMs: 20_000,
  lockerTestWaitMaxMs: 600_000,
  /** Largest file of demonstration residents and books. */
  emulatorPropsBytes: 1_048_576,
} as const;
