// The firmware with another main(): it starts a pulse on pin 22 and hangs. For build.test.ts.
#include <avr/interrupt.h>
#include <avr/wdt.h>

#include "boot.h"
#include "clock.h"
#include "pins.h"
#include "pulse.h"

int main() {
  boot::begin();
  clock::begin(pulse::tick);
  wdt_enable(WDTO_500MS);
  sei();
  pins::makeOutput(22, false);
  pulse::start(1, 22, true, 300);
  for (;;) {
  }
}
