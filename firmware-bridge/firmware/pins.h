// Pins of the Arduino Mega 2560 by the numbers printed on the board.
#pragma once
#include <stdint.h>

namespace pins {

constexpr uint8_t kCount = 70;
/// 0 and 1 are the serial line to the host.
constexpr uint8_t kFirstFree = 2;

/// Puts the level first and the direction second, so that the pin never shows the wrong level.
void makeOutput(uint8_t pin, bool high);
void makeInput(uint8_t pin, bool pullUp);
void write(uint8_t pin, bool high);
bool read(uint8_t pin);
/// Where to read a pin's level: `(*reg & mask) != 0`. For whoever looks at many pins every millisecond.
struct Input {
  const volatile uint8_t* reg;
  uint8_t mask;
};
Input inputAt(uint8_t pin);
bool isOutput(uint8_t pin);
/// The output level, or the pull-up of an input.
bool latch(uint8_t pin);

}  // namespace pins
