#include "clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

namespace clock {
namespace {
volatile uint32_t ticks;
TickHandler handler;
}  // namespace

void begin(TickHandler onTick) {
  handler = onTick;
  TCCR0A = _BV(WGM01);             // clear on compare match
  TCCR0B = _BV(CS01) | _BV(CS00);  // 16 MHz / 64 = 250 kHz
  OCR0A = 249;                     // 250 counts: 1 ms
  TIMSK0 = _BV(OCIE0A);
}

uint32_t nowMs() {
  uint32_t now;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { now = ticks; }
  return now;
}

}  // namespace clock

ISR(TIMER0_COMPA_vect) {
  clock::ticks = clock::ticks + 1;
  clock::handler();
}
