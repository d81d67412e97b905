/**
 * The catalogue of faults: everything that can go wrong in the world around the kiosk, under a code that never
 * changes, with its meaning and its remedy for a maintainer. A retired code stays listed.
 */
export interface FaultEntry {
  readonly meaning: string;
  readonly remedy: string;
}

const entries = {
  'board.lost': {
    meaning: 'The locker board stopped answering; its doors are unknown and not offered.',
    remedy: 'Check the USB cable and the board supply; the kiosk reconnects by itself.',
  },
  'board.foreign': {
    meaning: 'The device on the board port is not the described board: another firmware, dialect or address.',
    remedy:
      'Correct the port in the configuration; flash firmware-bridge/firmware onto a Mega 2560; for a Kerong board correct dialect and address in the cabinet description.',
  },
  'board.silent': {
    meaning: 'The board’s port is open but nothing answers on it; it may be another device’s port.',
    remedy:
      'Check that the configured port is this board’s, then its supply and that it has this kiosk’s firmware.',
  },
  'board.hooks-inverted': {
    meaning:
      'Every hook of a Kerong board reads unlocked: all doors are open, or the bit means the opposite.',
    remedy: 'If the doors are closed, reverse hookBit in the cabinet description.',
  },
  'board.disagrees': {
    meaning: 'The board refused or changed the settings it was given.',
    remedy: 'Compare the cabinet description with the wiring; flash the firmware of this release.',
  },
  'board.noise': {
    meaning: 'Bytes from the board were not valid messages and were discarded.',
    remedy: 'Check cable length, shielding and ground between board and Pi.',
  },
  'board.guard-tripped': {
    meaning: 'The firmware’s guard switched a lock off or kept it off; this opened and closed no door.',
    remedy: 'Read the log around that moment; if the fault repeats, flash the firmware again.',
  },
  'board.frames-lost': {
    meaning: 'Bytes to the board arrived damaged or too fast and were dropped; requests are repeated.',
    remedy: 'Check cable length, shielding and ground between board and Pi.',
  },
  'board.restarted': {
    meaning:
      'The board restarted by itself: its supply voltage dropped, or its watchdog found the firmware hanging.',
    remedy:
      'Give locks and board separate supplies, check the supply voltage under load; flash the firmware of this release.',
  },
  'locker.did-not-open': {
    meaning: 'The locker was unlocked several times and its door did not open; the locker is out of service.',
    remedy: 'Test it with locker-test; check latch, coil, relay and cable, then put it back into service.',
  },
  'locker.door-silent': {
    meaning:
      'The item was taken or put in while the door switch reported closed; the locker is out of service.',
    remedy: 'Test it with locker-test; check the door switch and its cable, then put it back into service.',
  },
  'locker.forced': {
    meaning:
      'The door opened although it was not unlocked; its content is not known and the locker is out of service.',
    remedy: 'Look at the door, its latch and the content; then put the locker back into service.',
  },
  'locker.outcome-unknown': {
    meaning:
      'A visit at the locker ended and it is not known whether its door opened; the locker is out of service.',
    remedy: 'Compare the content with the catalogue, then put the locker back into service.',
  },
  'locker.not-taken': {
    meaning:
      'A resident borrowed the book in the locker, then reported it as not taken; the locker is out of service.',
    remedy: 'Count this locker: enter at the screen what is inside.',
  },
  'locker.misplaced': {
    meaning: 'The book recorded in the locker was returned at another door; the locker is out of service.',
    remedy: 'Count this locker: enter at the screen what is inside.',
  },
  'locker.withdrawal': {
    meaning: 'The catalogue ordered the withdrawal of the book in the locker; it is no longer lent.',
    remedy: 'Withdraw the book at the kiosk’s screen, then put the locker back into service.',
  },
  'locker.emergency': {
    meaning: 'Staff opened all doors in an emergency; the locker is out of service.',
    remedy: 'Close the door and count this locker: enter at the screen what is inside.',
  },
  'locker.out-of-service': {
    meaning: 'Staff took the locker out of service.',
    remedy: 'When it is repaired, put it back into service at the kiosk’s screen.',
  },
  'item.damaged': {
    meaning: 'The resident who returned the book reported it as damaged; it is not lent.',
    remedy: 'Look at the book; withdraw it, or put it back into service at the kiosk’s screen.',
  },
  'locker.left-open': {
    meaning: 'The door is open and no visit is in progress; the locker is not used until the door is closed.',
    remedy: 'Close the door; if it is closed, check its switch.',
  },
  'locker.chatters': {
    meaning:
      'The door switch changes faster than a door can move; until it stops the door is unknown and not used.',
    remedy: 'Check the door switch, its magnet and its cable.',
  },
  'reader.lost': {
    meaning: 'The barcode reader’s port closed; the kiosk retries until it is open again.',
    remedy: 'Check the reader’s cable and supply.',
  },
  'reader.noise': {
    meaning: 'The reader sent bytes that are not a scan, or a scan that is too long; they were discarded.',
    remedy: 'Check the reader’s baud rate and terminator setting.',
  },
  'reader.unconfigured': {
    meaning:
      'The barcode reader does not answer or does not keep its settings; its scans are still accepted.',
    remedy:
      'Check both data lines of its cable, and `reader.kind`: for a reader of another make it is generic.',
  },
  'reader.flood': {
    meaning: 'The reader sent codes faster than a person can scan; the surplus was dropped.',
    remedy:
      'Check that no code lies in front of the reader, its cable, and that it is not in demonstration mode.',
  },
  'port.busy': {
    meaning: 'Another program holds the serial port.',
    remedy: 'Stop the other program, perhaps the kiosk itself; only one program may use the device.',
  },
  'port.unavailable': {
    meaning: 'The serial port cannot be opened.',
    remedy: 'Check the cable and the port’s path in the configuration.',
  },
  'port.lost': {
    meaning: 'An open port was lost: unplugged, powered off, or it accepted no more bytes.',
    remedy: 'Check the cable and the device’s supply; the kiosk reopens the port by itself.',
  },
  'journal.busy': {
    meaning: 'Another kiosk process uses this journal.',
    remedy: 'Stop the other process, or give this one its own data folder.',
  },
  'journal.foreign': {
    meaning: 'The file is not a journal of this program, or a newer release wrote it.',
    remedy: 'Set the right data folder in the configuration, or install the newer release.',
  },
  'journal.damaged': {
    meaning: 'The journal’s file fails SQLite’s check: the SD card has lost or corrupted pages.',
    remedy:
      'Run `npm run journal -- repair FILE`, or `restore` a backup; both keep the damaged file. Replace the SD card.',
  },
  'journal.rights': {
    meaning:
      'The journal’s file belongs to another user than the one the kiosk runs as, or other users could read it.',
    remedy:
      'Run the kiosk and its tools as the owner of the data folder; permissions that are too wide are corrected.',
  },
  'journal.write': {
    meaning: 'The journal cannot be written durably, so the kiosk does not lend.',
    remedy: 'Check free space and the health of the SD card.',
  },
  'journal.backup': {
    meaning:
      'No backup of the journal could be made; lending continues, and old events are kept until one succeeds.',
    remedy: 'Check that the second medium is plugged in, mounted, writable and has free space.',
  },
  'journal.rewound': {
    meaning:
      'The catalogue has more events of this kiosk than its journal: an older copy of the journal is in use. The kiosk continues in a new epoch; loans and returns since that copy are known to the catalogue only.',
    remedy: 'Count the lockers, and compare the loans with the catalogue.',
  },
  'catalogue.behind': {
    meaning:
      'The catalogue has lost events that the kiosk has pruned since; the kiosk resends the events it still has in a new epoch.',
    remedy: 'Restore the catalogue from a newer backup; its record of that time has a gap.',
  },
  'link.down': {
    meaning: 'The broker cannot be reached; lending continues and events wait in the journal.',
    remedy: 'Check the network; no events are lost.',
  },
  'link.refused': {
    meaning: 'The broker answers but refuses this client: its name or certificate is not allowed.',
    remedy:
      'Compare the certificate’s name with the broker’s accounts and access lists; the link retries by itself.',
  },
  'link.not-allowed': {
    meaning: 'The broker rejected a message: this client may not publish to the topic.',
    remedy: 'Compare the broker’s access list with the one in src/link/mosquitto.',
  },
  'link.tls': {
    meaning:
      'No secure connection to the broker: a certificate or key is missing, expired, revoked, or from an authority that the other side does not trust.',
    remedy:
      'Check the clock, the files under link.tls and their dates; renewed files are used at the next attempt, without a restart.',
  },
  'link.backlog': {
    meaning: 'The catalogue has acknowledged no event of the kiosk for more than an hour.',
    remedy: 'Check the network, the broker and the catalogue; no events are lost, and lending continues.',
  },
  'clock.in-doubt': {
    meaning: 'The kiosk cannot verify its clock; due dates are provisional until it can.',
    remedy: 'Give the kiosk access to a time server, or a clock with a battery.',
  },
  'machine.disk-full': {
    meaning: 'The medium with the journal is almost full; when it is full the kiosk does not lend.',
    remedy: 'Free space in the data folder’s file system (old logs, other files), or use a larger card.',
  },
  'machine.hot': {
    meaning: 'The processor is so hot that it slows down.',
    remedy: 'Check the ventilation of the case, and whether the sun shines on it.',
  },
  'machine.under-voltage': {
    meaning: 'The supply voltage of the Raspberry Pi is too low; it may restart or damage its SD card.',
    remedy: 'Check supply and cable: 5.1 V at 3 A or more, and no other load on it.',
  },
  'link.bad-message': {
    meaning: 'A message from the broker did not fit the contract and was dropped.',
    remedy: 'Compare the sender’s release with this one.',
  },
  'broker.port-taken': {
    meaning: 'The port of the embedded broker is in use.',
    remedy: 'Stop the program that uses it, or choose another port.',
  },
  'catalogue.unusable': {
    meaning:
      'The catalogue’s file cannot be opened, is damaged, or was written by another program or a newer release.',
    remedy: 'Check the path, its permissions and free space; install the newer release, or restore the file.',
  },
  'catalogue.unknown-kiosk': {
    meaning: 'A client publishes under the name of a kiosk that is not enrolled; its messages are dropped.',
    remedy:
      'Enrol the kiosk with its public key; if no kiosk has this name, check which clients may publish there.',
  },
  'catalogue.write': {
    meaning: 'The catalogue could not store a batch; it was not acknowledged and the kiosk resends it.',
    remedy: 'Check free space and whether another program holds the catalogue’s file.',
  },
  'catalogue.document-unfit': {
    meaning:
      'A document for kiosks does not fit a message: too many rows, or too long. The kiosks keep the version before.',
    remedy: 'Remove books, cards or holds that are no longer needed from the catalogue.',
  },
  'catalogue.conflict': {
    meaning:
      'A kiosk sent an event that differs from the one stored at its position; the stored one is kept.',
    remedy: 'Its SD card was probably restored from an old image; compare the conflict table with the kiosk.',
  },
  'pass.key-unusable': {
    meaning: 'A key for signing or checking passes cannot be used.',
    remedy:
      'Give the kiosk Ed25519 public keys and the catalogue its Ed25519 private key, as PEM or JWK, each once. Restore a damaged key file from a copy; without a copy move it away: a new key is made, whose public half has to be distributed.',
  },
  'certificates.failed': {
    meaning: 'A certificate could not be made or revoked.',
    remedy: 'See the message; usually the folder is the wrong one or not writable, or openssl is missing.',
  },
  'config.invalid': {
    meaning: 'The configuration is not valid.',
    remedy: 'Correct the place the message names.',
  },
  'screen.port-taken': {
    meaning: 'The address of the screen or of a demo page is in use.',
    remedy: 'Stop the program that uses it (perhaps a second kiosk), or choose another port.',
  },
  'screen.nobody-looks': {
    meaning: 'No browser shows the kiosk’s screen: it does not run, or cannot reach the page.',
    remedy: 'Start the browser on the kiosk, and check the address it opens.',
  },
  'emulator.firmware': {
    meaning: 'The firmware image is not a valid Intel HEX file for the ATmega2560.',
    remedy: 'Rebuild it in firmware-bridge/firmware.',
  },
  'emulator.start': {
    meaning: 'The emulator of the locker board did not start.',
    remedy: 'See the message; usually a port is in use or a file is missing.',
  },
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof entries;
export const faultCatalogue: Readonly<Record<FaultCode, FaultEntry>> = entries;

/** A fault of the world: handled, reported under its code, never a reason to crash by itself. */
export class Fault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly code: FaultCode,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}
