// The locker board's program: bytes from the host go to Firmata and the lock guard, and once a millisecond both look around.
#include <avr/interrupt.h>
#include <avr/sleep.h>
#include <avr/wdt.h>

#include "boot.h"
#include "clock.h"
#include "firmata.h"
#include "guard.h"
#include "pulse.h"
#include "rounds.h"
#include "stack.h"
#include "uart.h"

namespace {

/// Sleeps until an interrupt, unless a byte or a tick came in between looking and sleeping.
void sleepUntilNeeded(uint32_t handledMs) {
  cli();
  if (!uart::hasInput() && clock::nowMs() == handledMs) {
    sleep_enable();
    sei();  // takes effect after the next instruction: nothing can slip in before the sleep
    sleep_cpu();
    sleep_disable();
  }
  sei();
}

}  // namespace

int main() {
  stack::paint();
  boot::begin();
  guard::begin();
  uart::begin();
  clock::begin(pulse::tick);
  set_sleep_mode(SLEEP_MODE_IDLE);
  // A loop that hangs for half a second is reset; all pins are inputs then and every lock is off.
  wdt_enable(WDTO_500MS);
  sei();
  firmata::announce();

  uint32_t handledMs = clock::nowMs();
  rounds::start();
  for (;;) {
    rounds::begin();
    // One byte at a time: a host that never pauses keeps neither the guard nor the watchdog waiting.
    uint8_t byte;
    if (uart::read(byte)) firmata::receive(byte);
    const uint32_t now = clock::nowMs();
    if (now != handledMs) {
      handledMs = now;
      guard::everyMillisecond();
      firmata::everyMillisecond();
      stack::everyMillisecond();
      wdt_reset();
    }
    rounds::end();
    sleepUntilNeeded(handledMs);
  }
}
