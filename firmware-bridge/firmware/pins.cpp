#include "pins.h"

#include <avr/io.h>
#include <avr/pgmspace.h>
#include <util/atomic.h>

namespace pins {
namespace {

enum PortName : uint8_t { A, B, C, D, E, F, G, H, J, K, L };
constexpr uint8_t kPorts = L + 1;

/// Each port has its PIN, DDR and PORT one after the other; A to G come first, H to L beyond the other registers.
volatile uint8_t* pinRegisterOf(uint8_t port) { return port < H ? &PINA + 3 * port : &PINH + 3 * (port - H); }

constexpr uint8_t at(PortName port, uint8_t bit) { return static_cast<uint8_t>(port << 3 | bit); }

// The Mega's wiring, from the Arduino Mega 2560 schematic: pin number → port and bit.
const uint8_t kPlace[kCount] PROGMEM = {
    at(E, 0), at(E, 1), at(E, 4), at(E, 5), at(G, 5), at(E, 3), at(H, 3), at(H, 4), at(H, 5), at(H, 6),  // 0-9
    at(B, 4), at(B, 5), at(B, 6), at(B, 7), at(J, 1), at(J, 0), at(H, 1), at(H, 0), at(D, 3), at(D, 2),  // 10-19
    at(D, 1), at(D, 0), at(A, 0), at(A, 1), at(A, 2), at(A, 3), at(A, 4), at(A, 5), at(A, 6), at(A, 7),  // 20-29
    at(C, 7), at(C, 6), at(C, 5), at(C, 4), at(C, 3), at(C, 2), at(C, 1), at(C, 0), at(D, 7), at(G, 2),  // 30-39
    at(G, 1), at(G, 0), at(L, 7), at(L, 6), at(L, 5), at(L, 4), at(L, 3), at(L, 2), at(L, 1), at(L, 0),  // 40-49
    at(B, 3), at(B, 2), at(B, 1), at(B, 0), at(F, 0), at(F, 1), at(F, 2), at(F, 3), at(F, 4), at(F, 5),  // 50-59
    at(F, 6), at(F, 7), at(K, 0), at(K, 1), at(K, 2), at(K, 3), at(K, 4), at(K, 5), at(K, 6), at(K, 7),  // 60-69
};

volatile uint8_t* inputOf(uint8_t pin) { return pinRegisterOf(pgm_read_byte(&kPlace[pin]) >> 3); }
volatile uint8_t* directionOf(uint8_t pin) { return inputOf(pin) + 1; }
volatile uint8_t* latchOf(uint8_t pin) { return inputOf(pin) + 2; }
uint8_t maskOf(uint8_t pin) { return static_cast<uint8_t>(1 << (pgm_read_byte(&kPlace[pin]) & 7)); }

/// The tick interrupt ends pulses on the same ports, so a change of one bit must not be torn.
void put(volatile uint8_t* reg, uint8_t mask, bool set) {
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    if (set) {
      *reg |= mask;
    } else {
      *reg &= static_cast<uint8_t>(~mask);
    }
  }
}

}  // namespace

void write(uint8_t pin, bool high) { put(latchOf(pin), maskOf(pin), high); }

void makeOutput(uint8_t pin, bool high) {
  write(pin, high);
  put(directionOf(pin), maskOf(pin), true);
}

void makeInput(uint8_t pin, bool pullUp) {
  put(directionOf(pin), maskOf(pin), false);
  write(pin, pullUp);
}

void driveAtOnce(const uint8_t* numbers, uint8_t stride, uint8_t count, bool high) {
  uint8_t masks[kPorts] = {};
  for (; count; --count, numbers += stride) {
    if (isFree(*numbers)) masks[pgm_read_byte(&kPlace[*numbers]) >> 3] |= maskOf(*numbers);
  }
  for (uint8_t port = 0; port < kPorts; ++port) {
    volatile uint8_t* const input = pinRegisterOf(port);
    put(input + 2, masks[port], high);
    put(input + 1, masks[port], true);
  }
}

bool read(uint8_t pin) { return *inputOf(pin) & maskOf(pin); }
Input inputAt(uint8_t pin) { return {inputOf(pin), maskOf(pin)}; }
bool isOutput(uint8_t pin) { return *directionOf(pin) & maskOf(pin); }
bool latch(uint8_t pin) { return *latchOf(pin) & maskOf(pin); }

}  // namespace pins
