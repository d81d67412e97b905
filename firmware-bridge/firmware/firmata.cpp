#include "firmata.h"

#include "clock.h"
#include "frame.h"
#include "guard.h"
#include "pins.h"
#include "uart.h"

namespace firmata {
namespace {

// Firmata protocol 2.5, protocol.md.
enum Message : uint8_t {
  kDigital = 0x90,
  kReportAnalog = 0xc0,
  kReportDigital = 0xd0,
  kAnalog = 0xe0,
  kSysexStart = 0xf0,
  kSetPinMode = 0xf4,
  kSetPinValue = 0xf5,
  kSysexEnd = 0xf7,
  kReportVersion = 0xf9,
  kSystemReset = 0xff,
};
enum Sysex : uint8_t {
  kUserLast = 0x0f,
  kAnalogMappingQuery = 0x69,
  kAnalogMappingResponse = 0x6a,
  kCapabilityQuery = 0x6b,
  kCapabilityResponse = 0x6c,
  kPinStateQuery = 0x6d,
  kPinStateResponse = 0x6e,
  kReportFirmware = 0x79,
};
enum Mode : uint8_t { kInput = 0x00, kOutput = 0x01, kPullUp = 0x0b };
constexpr Mode kModes[] = {kInput, kOutput, kPullUp};

constexpr uint8_t kNone = 0x7f;
constexpr uint8_t kPorts = (pins::kCount + 7) / 8;
/// Silence inside a message after which it is given up: a byte takes 0.17 ms.
constexpr uint8_t kGapMs = 20;
const char kName[] = "lening";

uint8_t buffer[frame::kMaxWireBytes];
uint8_t length;
uint8_t expected;  // data bytes of a short message still to come
bool inSysex, tooLong;
uint32_t lastByteMs;

uint8_t reportedPorts[kPorts];
bool isReporting[kPorts];

bool isFree(uint8_t pin) { return pin >= pins::kFirstFree && pin < pins::kCount; }

/// Whether the host may touch the pin; counts the attempt where it is a lock's.
bool mayTouch(uint8_t pin) {
  if (!isFree(pin)) return false;
  if (!guard::isLockPin(pin)) return true;
  guard::countIgnoredWrite();
  return false;
}

void setMode(uint8_t pin, uint8_t mode) {
  if (!mayTouch(pin)) return;
  if (mode == kOutput) pins::makeOutput(pin, pins::latch(pin));
  if (mode == kInput || mode == kPullUp) pins::makeInput(pin, mode == kPullUp);
}

void setValue(uint8_t pin, bool high) {
  if (mayTouch(pin) && pins::isOutput(pin)) pins::write(pin, high);
}

uint8_t modeOf(uint8_t pin) {
  if (pins::isOutput(pin)) return kOutput;
  return pins::latch(pin) ? kPullUp : kInput;
}

void writePort(uint8_t port, uint8_t levels) {
  for (uint8_t bit = 0; bit < 8; ++bit) {
    const uint8_t pin = port * 8 + bit;
    if (isFree(pin) && pins::isOutput(pin)) setValue(pin, levels >> bit & 1);
  }
}

uint8_t readPort(uint8_t port) {
  uint8_t levels = 0;
  for (uint8_t bit = 0; bit < 8; ++bit) {
    const uint8_t pin = port * 8 + bit;
    if (isFree(pin) && !pins::isOutput(pin) && pins::read(pin)) levels |= 1 << bit;
  }
  return levels;
}

void sendPort(uint8_t port) {
  reportedPorts[port] = readPort(port);
  uart::write(kDigital | port);
  uart::write(reportedPorts[port] & 0x7f);
  uart::write(reportedPorts[port] >> 7);
}

/// A system reset gives up reporting and the free pins; no lock moves.
void systemReset() {
  guard::countIgnoredWrite();
  for (uint8_t port = 0; port < kPorts; ++port) isReporting[port] = false;
}

void sendVersion() {
  uart::write(kReportVersion);
  uart::write(2);
  uart::write(5);
}

void sendFirmware() {
  uart::write(kSysexStart);
  uart::write(kReportFirmware);
  uart::write(LENING_MAJOR);
  uart::write(LENING_MINOR);
  for (const char* c = kName; *c; ++c) {
    uart::write(*c & 0x7f);
    uart::write(0);
  }
  uart::write(kSysexEnd);
}

void sendCapabilities() {
  uart::write(kSysexStart);
  uart::write(kCapabilityResponse);
  for (uint8_t pin = 0; pin < pins::kCount; ++pin) {
    if (isFree(pin) && !guard::isLockPin(pin)) {
      for (const uint8_t mode : kModes) {
        uart::write(mode);
        uart::write(1);  // resolution in bits
      }
    }
    uart::write(kNone);
  }
  uart::write(kSysexEnd);
}

void sendAnalogMapping() {
  uart::write(kSysexStart);
  uart::write(kAnalogMappingResponse);
  for (uint8_t pin = 0; pin < pins::kCount; ++pin) uart::write(kNone);
  uart::write(kSysexEnd);
}

void sendPinState(uint8_t pin) {
  if (pin >= pins::kCount) return;
  uart::write(kSysexStart);
  uart::write(kPinStateResponse);
  uart::write(pin);
  uart::write(modeOf(pin));
  uart::write(pins::latch(pin));
  uart::write(kSysexEnd);
}

void handleSysex() {
  if (length == 0) return;
  if (buffer[0] <= kUserLast) {
    frame::Frame request{};
    if (frame::decode(buffer, length, request)) return guard::handle(request);
    return guard::countBadFrame();
  }
  switch (buffer[0]) {
    case kReportFirmware: return sendFirmware();
    case kCapabilityQuery: return sendCapabilities();
    case kAnalogMappingQuery: return sendAnalogMapping();
    case kPinStateQuery:
      if (length == 2) sendPinState(buffer[1]);
      return;
  }
}

uint8_t dataBytesOf(uint8_t command) {
  switch (command < kSysexStart ? command & 0xf0 : command) {
    case kDigital:
    case kAnalog:
    case kSetPinMode:
    case kSetPinValue: return 2;
    case kReportAnalog:
    case kReportDigital: return 1;
    default: return 0;
  }
}

void handleShort() {
  const uint8_t command = buffer[0];
  const uint8_t port = command & 0x0f;
  if (command == kSetPinMode) return setMode(buffer[1], buffer[2]);
  if (command == kSetPinValue) return setValue(buffer[1], buffer[2]);
  if (port >= kPorts) return;
  if ((command & 0xf0) == kDigital) return writePort(port, static_cast<uint8_t>(buffer[1] | buffer[2] << 7));
  if ((command & 0xf0) != kReportDigital) return;
  isReporting[port] = buffer[1];
  if (isReporting[port]) sendPort(port);
}

void drop() {
  if (inSysex) guard::countBadFrame();
  inSysex = false;
  expected = 0;
}

void startMessage(uint8_t command) {
  if (inSysex || expected) drop();
  length = 0;
  tooLong = false;
  if (command == kSysexStart) {
    inSysex = true;
  } else if (command == kReportVersion) {
    sendVersion();
  } else if (command == kSystemReset) {
    systemReset();
  } else if ((expected = dataBytesOf(command))) {
    buffer[length++] = command;
  }
}

}  // namespace

void announce() {
  sendVersion();
  sendFirmware();
}

void receive(uint8_t byte) {
  lastByteMs = clock::nowMs();
  if (inSysex && byte == kSysexEnd) {
    inSysex = false;
    return tooLong ? guard::countBadFrame() : handleSysex();
  }
  if (byte & 0x80) return startMessage(byte);
  if (inSysex) {
    // F0 and F7 are not kept.
    tooLong = tooLong || length == sizeof buffer - 2;
    if (!tooLong) buffer[length++] = byte;
  } else if (expected) {
    buffer[length++] = byte;
    if (--expected == 0) handleShort();
  }
}

void everyMillisecond() {
  if ((inSysex || expected) && clock::nowMs() - lastByteMs > kGapMs) drop();
  for (uint8_t port = 0; port < kPorts; ++port) {
    if (isReporting[port] && readPort(port) != reportedPorts[port]) sendPort(port);
  }
}

}  // namespace firmata
