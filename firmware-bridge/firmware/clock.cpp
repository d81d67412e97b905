#include "clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

namespace clock {
namespace {

volatile uint32_t ticks;
// Counted apart: milliseconds wrap after 49 days, and the board runs for years.
volatile uint32_t seconds;
uint16_t msOfSecond;
TickHandler handler;

uint32_t read(const volatile uint32_t& counter) {
  uint32_t value;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { value = counter; }
  return value;
}

}  // namespace

void begin(TickHandler onTick) {
  handler = onTick;
  TCCR0A = _BV(WGM01);             // clear on compare match
  TCCR0B = _BV(CS01) | _BV(CS00);  // 16 MHz / 64 = 250 kHz
  OCR0A = 249;                     // 250 counts: 1 ms
  TIMSK0 = _BV(OCIE0A);
}

uint32_t nowMs() { return read(ticks); }
uint32_t uptimeS() { return read(seconds); }

}  // namespace clock

ISR(TIMER0_COMPA_vect) {
  clock::ticks = clock::ticks + 1;
  if (++clock::msOfSecond == 1000) {
    clock::msOfSecond = 0;
    clock::seconds = clock::seconds + 1;
  }
  clock::handler();
}
