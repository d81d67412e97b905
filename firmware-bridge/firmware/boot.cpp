#include "boot.h"

#include <avr/eeprom.h>
#include <avr/io.h>
#include <avr/wdt.h>

#include "frame.h"
#include "store.h"

namespace boot {
namespace {

// A ring of 64 slots: 100 000 writes each make 6.4 million boots.
constexpr uint8_t kSlots = 64;
uint16_t EEMEM ring[kSlots];

struct Survivor {
  LastPulse pulse;
  uint16_t crc;
};
/// Twice, one written after the other: a reset on the way spoils one of them at most.
Survivor survivors[2] __attribute__((section(".noinit")));
LastPulse last;
uint8_t cause __attribute__((section(".noinit")));
uint16_t bootId;

uint16_t crcOf(const LastPulse& pulse) {
  const uint8_t bytes[] = {static_cast<uint8_t>(pulse.tag), static_cast<uint8_t>(pulse.tag >> 8), pulse.locker,
                           pulse.opened};
  // Not zero to begin with: memory full of zeros must not look like a pulse.
  uint16_t crc = 0x1d0f;
  for (const uint8_t byte : bytes) crc = frame::crc16(crc, byte);
  return crc;
}

/// The last pulse as it was before this reset; all zero when it did not survive.
LastPulse survived() {
  if (!(cause & _BV(PORF))) {
    for (const Survivor& each : survivors) {
      if (each.crc == crcOf(each.pulse)) return each.pulse;
    }
  }
  return {0, 0, 0};
}

uint8_t after(uint8_t slot) { return (slot + 1) % kSlots; }
bool isContinued(uint8_t slot) {
  return eeprom_read_word(&ring[after(slot)]) == static_cast<uint16_t>(eeprom_read_word(&ring[slot]) + 1);
}

/// The slot that continues the count and is not continued; one torn by a power cut does neither.
uint8_t newestSlot() {
  uint8_t slot = 0;
  for (uint8_t before = kSlots - 1; slot < kSlots; before = slot++) {
    if (isContinued(before) && !isContinued(slot)) return slot;
  }
  return kSlots - 1;  // nothing was ever counted: erased cells come before 0
}

uint16_t countBoot() {
  const uint8_t newest = newestSlot();
  const uint16_t count = eeprom_read_word(&ring[newest]) + 1;
  eeprom_update_word(&ring[after(newest)], count);
  // Nobody may hear of a boot that a power cut could still take out of the count.
  eeprom_busy_wait();
  return count;
}

}  // namespace

void begin() {
  remember(survived());
  bootId = countBoot();
}

uint8_t resetCause() { return cause; }
uint16_t id() { return bootId; }
const LastPulse& lastPulse() { return last; }

void remember(const LastPulse& pulse) {
  last = pulse;
  const uint16_t crc = crcOf(pulse);
  for (Survivor& each : survivors) {
    each = {pulse, crc};
    asm volatile("" ::: "memory");  // or the compiler may mix the two
  }
}

/// Runs before anything else: after a watchdog reset the watchdog is still running at its shortest time, and lock pins float.
void earliest() __attribute__((naked, used, section(".init3")));
void earliest() {
  cause = MCUSR;
  MCUSR = 0;
  wdt_disable();
  store::driveLocks();
}

}  // namespace boot
