#include "rounds.h"

#include <avr/io.h>

namespace rounds {
namespace {

constexpr uint8_t kUsPerCount = 4;

// The counter comes around after 262 ms; at 500 ms the watchdog ends all rounds.
uint16_t begun;
uint16_t longest;

}  // namespace

void start() { TCCR1B = _BV(CS11) | _BV(CS10); }  // 16 MHz / 64 = 250 kHz

void begin() { begun = TCNT1; }

void end() {
  const uint16_t counts = TCNT1 - begun;
  if (counts > longest) longest = counts;
}

uint16_t longestUs() { return longest < UINT16_MAX / kUsPerCount ? longest * kUsPerCount : UINT16_MAX; }

}  // namespace rounds
