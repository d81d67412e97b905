#include "stack.h"

/// Set by the linker: where the variables end. Nothing is allocated, so the stack may grow down to here.
extern uint8_t __heap_start;

namespace stack {
namespace {

constexpr uint8_t kPaint = 0xc5;
/// The frame of paint() itself.
constexpr uint8_t kMargin = 32;
/// So many bytes are looked at each millisecond.
constexpr uint8_t kLook = 8;

uint16_t looked;
uint16_t least;

}  // namespace

void paint() {
  const uint8_t here = 0;
  uint8_t* at = &__heap_start;
  for (; at < &here - kMargin; ++at) *at = kPaint;
  least = static_cast<uint16_t>(at - &__heap_start);
}

void everyMillisecond() {
  const uint16_t until = looked + kLook;
  for (; looked != until; ++looked) {
    if ((&__heap_start)[looked] == kPaint) continue;
    least = looked;
    looked = 0;
    return;
  }
}

uint16_t leastFree() { return least; }

}  // namespace stack
