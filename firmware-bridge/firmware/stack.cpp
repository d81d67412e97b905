#include "stack.h"

/// Set by the linker: where the variables end. Nothing is allocated, so the stack may grow down to here.
extern uint8_t __heap_start;

namespace stack {
namespace {

constexpr uint8_t kPaint = 0xc5;
/// The frame of paint() itself.
constexpr uint8_t kMargin = 32;

}  // namespace

void paint() {
  const uint8_t here = 0;
  for (uint8_t* at = &__heap_start; at < &here - kMargin; ++at) *at = kPaint;
}

uint16_t leastFree() {
  const uint8_t* at = &__heap_start;
  while (*at == kPaint) ++at;
  return static_cast<uint16_t>(at - &__heap_start);
}

}  // namespace stack
