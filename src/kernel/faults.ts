/**
 * The catalogue of faults: everything that can go wrong in the world around the kiosk, under a code that never
 * changes, with what it means and what a maintainer does about it. A code that is retired stays listed.
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
    meaning: 'The board’s port is open, but nothing on it answers; it may be another device’s port.',
    remedy:
      'Check that the configured port is this board’s, then its supply and that it has this kiosk’s firmware.',
  },
  'board.hooks-inverted': {
    meaning:
      'Every hook of a Kerong board reads unlocked: all doors are open, or the bit means the opposite.',
    remedy: 'If the doors are shut, turn hookBit over in the cabinet description.',
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
    meaning:
      'The firmware’s guard had to switch a lock off or keep it off; nobody was locked in or out by it.',
    remedy: 'Look for what else the log says of that moment; if it comes again, flash the firmware anew.',
  },
  'board.frames-lost': {
    meaning: 'Bytes to the board arrived damaged or too fast and were dropped; requests are repeated.',
    remedy: 'Check cable length, shielding and ground between board and Pi.',
  },
  'board.restarted': {
    meaning: 'The board restarted on its own: its supply dipped, or its watchdog found the firmware hanging.',
    remedy:
      'Give locks and board separate supplies, check the supply under load; flash the firmware of this release.',
  },
  'locker.did-not-open': {
    meaning: 'The locker was unlocked several times and its door did not open; it is not used any more.',
    remedy: 'Test it with locker-test; look at latch, coil, relay and cable, then put it back into service.',
  },
  'locker.door-silent': {
    meaning:
      'The item in the locker was taken or put in while its door switch said shut; it is not used any more.',
    remedy: 'Test it with locker-test; look at the door switch and its cable, then put it back into service.',
  },
  'locker.forced': {
    meaning:
      'The door opened and nobody had unlocked it; what is behind it is in doubt and it is not used any more.',
    remedy: 'Look at the door, its latch and what is inside; then put it back into service.',
  },
  'locker.outcome-unknown': {
    meaning:
      'A visit at the locker ended and nobody can tell whether its door opened; it is not used any more.',
    remedy: 'Look what is inside, compare it with the catalogue, then put it back into service.',
  },
  'locker.not-taken': {
    meaning:
      'Who had just borrowed the book of the locker said that she did not take it; it is not used any more.',
    remedy: 'Count this locker: look what is inside and say so.',
  },
  'locker.misplaced': {
    meaning:
      'The book recorded in the locker was brought back at another door; the locker is not used any more.',
    remedy: 'Count this locker: look what is inside and say so.',
  },
  'locker.withdrawal': {
    meaning: 'The catalogue wants the book of the locker taken out; it is not lent any more.',
    remedy: 'Withdraw the book at the kiosk’s screen, and put the locker back into service.',
  },
  'locker.emergency': {
    meaning: 'Staff opened all doors in an emergency; the locker is not used any more.',
    remedy: 'Shut the door and count this locker: look what is inside and say so.',
  },
  'locker.out-of-service': {
    meaning: 'Staff took the locker out of service.',
    remedy: 'Put it back into service at the kiosk’s screen when it is in order again.',
  },
  'item.damaged': {
    meaning: 'Whoever brought the book back said that it is damaged; it is not lent.',
    remedy: 'Look at the book; withdraw it, or put it back into service at the kiosk’s screen.',
  },
  'locker.left-open': {
    meaning: 'The door stands open with nobody there; the locker is not used until it is shut.',
    remedy: 'Shut the door; if it is shut, look at its switch.',
  },
  'locker.chatters': {
    meaning:
      'The door switch opens and closes faster than any hand; the door is unknown and not used meanwhile.',
    remedy: 'Look at the door switch, its magnet and its cable.',
  },
  'reader.lost': {
    meaning: 'The barcode reader’s port closed; the kiosk keeps trying to reopen it.',
    remedy: 'Check the reader’s cable and supply.',
  },
  'reader.noise': {
    meaning: 'The reader sent bytes that are not a scan, or a scan that is too long; they were discarded.',
    remedy: 'Check the reader’s baud rate and terminator setting.',
  },
  'reader.unconfigured': {
    meaning:
      'The barcode reader does not answer, or does not keep its settings; what it scans is taken all the same.',
    remedy: 'Check both lines of its cable and `reader.kind`; a reader of another make is kind generic.',
  },
  'reader.flood': {
    meaning: 'Codes came from the reader faster than anybody can scan; the surplus was dropped.',
    remedy: 'Look what lies before the reader; check its cable, and that its mode is not a demonstration.',
  },
  'port.busy': {
    meaning: 'Another program holds the serial port.',
    remedy: 'Stop the other program, perhaps the kiosk itself; only one may talk to the device.',
  },
  'port.unavailable': {
    meaning: 'The serial port cannot be opened.',
    remedy: 'Check the cable and the port’s path in the configuration.',
  },
  'port.lost': {
    meaning: 'An open port ended: unplugged, powered off, or it took no more bytes.',
    remedy: 'Check the cable and the device’s supply; the kiosk opens it again by itself.',
  },
  'journal.busy': {
    meaning: 'Another kiosk process uses this journal.',
    remedy: 'Stop the other process, or give this one its own data folder.',
  },
  'journal.foreign': {
    meaning: 'The file is not a journal of this program, or a newer program wrote it.',
    remedy: 'Point the configuration at the right data folder, or install the newer release.',
  },
  'journal.damaged': {
    meaning: 'The journal’s file does not pass SQLite’s check: the SD card has lost or mixed up pages.',
    remedy:
      'Run `npm run journal -- repair FILE`, or `restore` a backup; both keep the file. Replace the SD card.',
  },
  'journal.rights': {
    meaning:
      'The journal’s file belongs to another user than the one the kiosk runs as, or other users could read it.',
    remedy:
      'Run the kiosk and its tools as the user who owns the data folder; rights that were too wide are corrected.',
  },
  'journal.write': {
    meaning: 'The journal cannot be written durably; nothing may be promised, so nothing is lent.',
    remedy: 'Check free space and the health of the SD card.',
  },
  'journal.backup': {
    meaning: 'No backup of the journal could be made; lending goes on, and old events are kept meanwhile.',
    remedy: 'Check that the second medium is there and mounted, can be written and has space.',
  },
  'journal.rewound': {
    meaning:
      'The catalogue knows more of this kiosk than its journal: an older copy of it is in use. It goes on in a new epoch; what was borrowed or brought back since that copy is known to the catalogue only.',
    remedy: 'Count the lockers, and compare the loans with the catalogue.',
  },
  'catalogue.behind': {
    meaning:
      'The catalogue has lost events that the kiosk has put away since; the kiosk sends what it has kept in a new epoch.',
    remedy: 'Restore the catalogue from a newer backup; its record of that time has a gap.',
  },
  'link.down': {
    meaning: 'The broker cannot be reached; lending goes on and events wait in the journal.',
    remedy: 'Check the network; nothing is lost meanwhile.',
  },
  'link.refused': {
    meaning: 'The broker answers but refuses this end: its name or certificate has no right there.',
    remedy:
      'Compare the certificate’s name with the broker’s accounts and lists; once they agree the link comes by itself.',
  },
  'link.not-allowed': {
    meaning: 'The broker threw away a message: this end may not write to the topic.',
    remedy: 'Compare the broker’s access list with the one in src/link/mosquitto.',
  },
  'link.tls': {
    meaning:
      'No secure connection to the broker: a certificate or key is missing, has run out, was revoked, or is by an authority that the other end does not know.',
    remedy:
      'Check the clock, the files under link.tls and their dates; renewed files count at the next try, without a restart.',
  },
  'link.backlog': {
    meaning: 'For more than an hour the catalogue has not acknowledged what happens at the kiosk.',
    remedy: 'Check the network, the broker and the catalogue; nothing is lost, and lending goes on.',
  },
  'clock.in-doubt': {
    meaning: 'Nobody can tell whether the kiosk’s clock is right; due dates are provisional until it is.',
    remedy: 'Give the kiosk a way to a time server, or a battery for its clock.',
  },
  'machine.disk-full': {
    meaning: 'The medium with the journal has almost no room left; when it has none nothing can be lent.',
    remedy: 'Make room in the data folder’s file system: old logs, foreign files; or a larger card.',
  },
  'machine.hot': {
    meaning: 'The processor is so hot that it slows down.',
    remedy: 'Look at the ventilation of the case, and for sun on it.',
  },
  'machine.under-voltage': {
    meaning: 'The supply of the Raspberry Pi is too weak; it may restart or spoil its card.',
    remedy: 'Check supply and cable: 5.1 V at 3 A or more, and nothing else on it.',
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
    meaning: 'The catalogue’s file cannot be opened, is damaged, or belongs to another or a newer program.',
    remedy: 'Check the path, its rights and free space; install the newer release, or restore the file.',
  },
  'catalogue.unknown-kiosk': {
    meaning:
      'Somebody sends in the name of a kiosk whose key the catalogue does not know; nothing of it is taken.',
    remedy:
      'Enrol the kiosk with its public key; if nobody set one up under this name, look who can publish there.',
  },
  'catalogue.write': {
    meaning: 'The catalogue could not store what a kiosk sent; it was not acknowledged and comes again.',
    remedy: 'Check free space and whether another program holds the catalogue’s file.',
  },
  'catalogue.document-unfit': {
    meaning:
      'What kiosks are to be told does not fit a message: too many rows, or too long. They go on with what they were told before.',
    remedy: 'Take books, cards or holds that nobody needs any more out of the catalogue.',
  },
  'catalogue.conflict': {
    meaning:
      'A kiosk sent an event that differs from the one already stored at its position; that one stands.',
    remedy: 'Its SD card was probably restored from an old image; compare the conflict table with the kiosk.',
  },
  'pass.key-unusable': {
    meaning: 'A key for signing or checking passes cannot be used.',
    remedy:
      'Give the kiosk Ed25519 public keys and the catalogue its Ed25519 private key, as PEM or JWK, each once. A damaged key file comes back from a copy; without one move it away, a new key is made, and give out its public half.',
  },
  'certificates.failed': {
    meaning: 'A certificate could not be made or revoked.',
    remedy:
      'The message says why; usually the folder is another one, cannot be written, or openssl is missing.',
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
    meaning: 'No page shows the kiosk’s screen: its browser does not run, or cannot reach it.',
    remedy: 'Start the browser on the kiosk, and look at the address it opens.',
  },
  'emulator.firmware': {
    meaning: 'The firmware image is not a valid Intel hex file for the ATmega2560.',
    remedy: 'Build it anew in firmware-bridge/firmware.',
  },
  'emulator.start': {
    meaning: 'The emulator of the locker board did not start.',
    remedy: 'The message says why; usually a port is in use or a file is missing.',
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
