#include "boot.h"

#include <avr/eeprom.h>
#include <avr/io.h>
#include <avr/wdt.h>

#include "frame.h"

namespace boot {
namespace {

// A ring of 64 slots: 100 000 writes each make 6.4 million boots.
constexpr uint8_t kSlots = 64;
uint16_t EEMEM ring[kSlots];

struct Survivor {
  LastPulse pulse;
  uint16_t crc;
};
Survivor survivor __attribute__((section(".noinit")));
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

/// The newest slot is the one whose successor does not continue the count.
uint16_t countBoot() {
  uint8_t newest = 0;
  uint16_t count = eeprom_read_word(&ring[0]);
  while (newest + 1 < kSlots && eeprom_read_word(&ring[newest + 1]) == static_cast<uint16_t>(count + 1)) {
    ++newest;
    ++count;
  }
  ++count;
  eeprom_update_word(&ring[(newest + 1) % kSlots], count);
  // Nobody may hear of a boot that a power cut could still take out of the count.
  eeprom_busy_wait();
  return count;
}

}  // namespace

void begin() {
  if ((cause & _BV(PORF)) || survivor.crc != crcOf(survivor.pulse)) remember({0, 0, 0});
  bootId = countBoot();
}

uint8_t resetCause() { return cause; }
uint16_t id() { return bootId; }
const LastPulse& lastPulse() { return survivor.pulse; }

void remember(const LastPulse& pulse) {
  survivor.pulse = pulse;
  survivor.crc = crcOf(pulse);
}

/// Runs before anything else: after a watchdog reset the watchdog is still running at its shortest time.
void earliest() __attribute__((naked, used, section(".init3")));
void earliest() {
  cause = MCUSR;
  MCUSR = 0;
  wdt_disable();
}

}  // namespace boot
