#include "rest.h"

#include <util/atomic.h>

#include "clock.h"
#include "pins.h"

namespace rest {
namespace {

/// By pin, so that other settings cannot make a warm coil look rested. 0: longer ago than any rest lasts.
volatile uint32_t offAtMs[pins::kCount];
uint8_t next;

uint32_t offAt(uint8_t pin) {
  uint32_t at;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { at = offAtMs[pin]; }
  return at;
}

}  // namespace

void begin(uint8_t pin) {
  const uint32_t now = clock::nowMs();
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { offAtMs[pin] = now ? now : 1; }
}

uint16_t leftMs(uint8_t pin, uint16_t restMs) {
  const uint32_t at = offAt(pin);
  const uint32_t restedMs = clock::nowMs() - at;
  return at == 0 || restedMs >= restMs ? 0 : static_cast<uint16_t>(restMs - restedMs);
}

void everyMillisecond() {
  // One pin each time: all of them in 70 ms, and the clock wraps after 49 days.
  next = (next + 1) % pins::kCount;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    if (clock::nowMs() - offAtMs[next] > UINT16_MAX) offAtMs[next] = 0;
  }
}

}  // namespace rest
