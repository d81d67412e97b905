/** The socket strips of an Arduino Mega 2560, as printed on it. */
export type Header = 'PWM' | 'COMMUNICATION' | 'DIGITAL' | 'ANALOG IN';

/** Where on an Arduino Mega 2560 a pin is found. */
export interface MegaPin {
  readonly pin: number;
  readonly header: Header;
  /** What is printed beside it: `22`, `A0`. */
  readonly label: string;
  /** More of its place: the row of the double strip, counted from its 5V end; an analog pin's number. */
  readonly place: string;
}

const firstDigital = 22;
const firstAnalog = 54;

/** The place of a pin 2 to 69, the numbers of Arduino and of the firmware. */
export function megaPin(pin: number): MegaPin {
  if (pin >= firstAnalog) {
    const analog = pin - firstAnalog;
    return { pin, header: 'ANALOG IN', label: `A${analog}`, place: `(${pin})` };
  }
  if (pin >= firstDigital) {
    // The double strip begins with 5V 5V; then follow 22 23, 24 25, and so on.
    const row = Math.floor((pin - firstDigital) / 2) + 2;
    return { pin, header: 'DIGITAL', label: `${pin}`, place: `row ${row}` };
  }
  return { pin, header: pin < 14 ? 'PWM' : 'COMMUNICATION', label: `${pin}`, place: '' };
}
