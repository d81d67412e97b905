// Pins of the Arduino Mega 2560 by the numbers printed on the board.
#pragma once
#include <stdint.h>

namespace pins {

constexpr uint8_t kCount = 70;
/// 0 and 1 are the serial line to the host.
constexpr uint8_t kFirstFree = 2;

/// Whether there is such a pin, and nothing else has it.
constexpr bool isFree(uint8_t pin) { return pin >= kFirstFree && pin < kCount; }

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
/// Makes `count` pins outputs of one level, all of a port at the same time, levels first. The numbers stand `stride`
/// bytes apart, and what is no free pin is left alone. Needs no variables: works before main().
void driveAtOnce(const uint8_t* numbers, uint8_t stride, uint8_t count, bool high);
bool isOutput(uint8_t pin);
/// The output level, or the pull-up of an input.
bool latch(uint8_t pin);

}  // namespace pins
