#include "store.h"

#include <avr/eeprom.h>
#include <stddef.h>
#include <string.h>

#include "frame.h"
#include "pins.h"

namespace store {
namespace {

// A copy is its generation, the table as far as it is used, and a CRC of all that. The places are fixed, so that a newer
// program finds what an older one has written (README.md, "EEPROM").
constexpr uint16_t kPlaces[] = {0x100, 0x200};
constexpr uint16_t kHead = offsetof(settings::Table, locker);
static_assert(kHead == 10 && sizeof(settings::Locker) == 4, "the table has no gaps, so its bytes are the format");

/// Generations are 1 to 254; a copy being written has none.
constexpr uint8_t kNone = 0xff;
/// Where the CRC begins: another form of the copy gets another value, and memory all zero or all one is no copy.
constexpr uint16_t kForm = 0x4c32;
constexpr uint8_t kNoCopy = 0xff;

/// The copy to go by. driveLocks() runs before variables are cleared.
uint8_t newest __attribute__((section(".noinit")));

uint8_t* cell(uint8_t copy, uint16_t at) { return reinterpret_cast<uint8_t*>((copy ? kPlaces[1] : kPlaces[0]) + at); }

uint8_t after(uint8_t generation) { return generation >= kNone - 1 ? 1 : generation + 1; }
uint8_t tableBytes(const settings::Table& table) { return kHead + table.lockers * sizeof(settings::Locker); }

uint16_t crcOf(uint8_t generation, const settings::Table& table) {
  const uint8_t* at = reinterpret_cast<const uint8_t*>(&table);
  const uint8_t* const end = at + tableBytes(table);
  uint16_t crc = frame::crc16(kForm, generation);
  while (at != end) crc = frame::crc16(crc, *at++);
  return crc;
}

/// Reads a copy; false when it is not whole.
bool read(uint8_t copy, settings::Table& into) {
  const uint8_t generation = eeprom_read_byte(cell(copy, 0));
  if (generation == 0 || generation == kNone) return false;
  eeprom_read_block(&into, cell(copy, 1), kHead);
  if (into.lockers == 0 || into.lockers > settings::kMaxLockers) return false;
  const uint8_t bytes = tableBytes(into);
  eeprom_read_block(into.locker, cell(copy, 1 + kHead), bytes - kHead);
  const uint16_t crc = eeprom_read_word(reinterpret_cast<const uint16_t*>(cell(copy, 1 + bytes)));
  return crc == crcOf(generation, into);
}

/// Reads the newer copy, or else the older one.
uint8_t readNewest(settings::Table& into) {
  const uint8_t first = eeprom_read_byte(cell(1, 0)) == after(eeprom_read_byte(cell(0, 0))) ? 1 : 0;
  if (read(first, into)) return first;
  return read(!first, into) ? !first : kNoCopy;
}

enum class Work : uint8_t { kNothing, kComparing, kInvalidating, kWriting };

const settings::Table* wanted;
Work work;
uint8_t target;
uint8_t generation;
uint16_t crc;
uint8_t at;  // from 1: the table, then the CRC; the generation is written last

uint8_t wantedByte() {
  const uint8_t bytes = tableBytes(*wanted);
  if (at <= bytes) return reinterpret_cast<const uint8_t*>(wanted)[at - 1];
  return at == bytes + 1 ? crc & 0xff : crc >> 8;
}

/// The copy to go by stays as it is; the other one is overwritten.
void beginWriting() {
  target = newest == 0 ? 1 : 0;
  generation = newest == kNoCopy ? 1 : after(eeprom_read_byte(cell(newest, 0)));
  crc = crcOf(generation, *wanted);
  work = Work::kInvalidating;
}

void compare() {
  if (newest == kNoCopy || eeprom_read_byte(cell(newest, at)) != wantedByte()) return beginWriting();
  if (at++ == tableBytes(*wanted)) work = Work::kNothing;
}

void write() {
  eeprom_update_byte(cell(target, at), wantedByte());
  if (at++ != tableBytes(*wanted) + sizeof crc) return;
  at = 0;
}

void finish() {
  eeprom_write_byte(cell(target, 0), generation);
  newest = target;
  work = Work::kNothing;
}

}  // namespace

void driveLocks() {
  settings::Table table;
  newest = readNewest(table);
  if (newest != kNoCopy) pins::driveAtOnce(&table.locker[0].lockPin, sizeof(settings::Locker), table.lockers, table.activeLow());
}

bool load(settings::Table& into) {
  into = settings::Table{};
  return newest != kNoCopy && read(newest, into);
}

void save(const settings::Table& table) {
  wanted = &table;
  at = 1;
  work = Work::kComparing;
}

bool isIdle() { return work == Work::kNothing; }

void everyMillisecond() {
  if (isIdle() || !eeprom_is_ready()) return;
  switch (work) {
    case Work::kNothing: return;
    case Work::kComparing: return compare();
    case Work::kInvalidating:
      eeprom_update_byte(cell(target, 0), kNone);
      at = 1;
      work = Work::kWriting;
      return;
    case Work::kWriting: return at ? write() : finish();
  }
}

}  // namespace store
