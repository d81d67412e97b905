#include "firmata.h"

#include "clock.h"
#include "firmata_numbers.h"
#include "frame.h"
#include "guard.h"
#include "parser.h"
#include "pins.h"
#include "raw_pins.h"
#include "uart.h"
#include "wire.h"

namespace firmata {
namespace {

const char kName[] = "lening";
constexpr Mode kModes[] = {kInput, kOutput, kPullUp};

bool isReported[raw::kPorts];
uint8_t reportedLevels[raw::kPorts];
uint8_t nextPort;

void write(uint8_t byte) { uart::write(byte); }

template <typename... Rest>
void write(uint8_t byte, Rest... rest) {
  uart::write(byte);
  write(rest...);
}

void sendVersion() { write(kReportVersion, kProtocolMajor, kProtocolMinor); }

void sendFirmware() {
  write(kSysexStart, kReportFirmware, LENING_MAJOR, LENING_MINOR);
  for (const char* c = kName; *c; ++c) write(*c & 0x7f, 0);
  write(kSysexEnd);
}

void sendCapabilities() {
  write(kSysexStart, kCapabilityResponse);
  for (uint8_t pin = 0; pin < pins::kCount; ++pin) {
    if (raw::isOffered(pin)) {
      for (const Mode mode : kModes) write(mode, 1);  // one bit of resolution
    }
    write(kNone);
  }
  write(kSysexEnd);
}

void sendAnalogMapping() {
  write(kSysexStart, kAnalogMappingResponse);
  for (uint8_t pin = 0; pin < pins::kCount; ++pin) write(kNone);
  write(kSysexEnd);
}

void sendPinState(uint8_t pin) {
  if (pin >= pins::kCount) return;
  write(kSysexStart, kPinStateResponse, pin, raw::modeOf(pin), pins::latch(pin), kSysexEnd);
}

void sendPort(uint8_t port, uint8_t levels) {
  reportedLevels[port] = levels;
  write(kDigital | port, levels & 0x7f, levels >> 7);
}

void reportPort(uint8_t port, bool wanted) {
  if (port >= raw::kPorts) return;
  isReported[port] = wanted;
  if (wanted) sendPort(port, raw::readPort(port));
}

/// Ends reporting. StandardFirmata makes every pin an output here, which would open every lock of an active-low cabinet.
void systemReset() {
  guard::countIgnoredWrite();
  for (bool& each : isReported) each = false;
}

void onMessage(const uint8_t* bytes, uint8_t) {
  switch (bytes[0]) {
    case kReportVersion: return sendVersion();
    case kSystemReset: return systemReset();
    case kSetPinMode: return raw::setMode(bytes[1], bytes[2]);
    case kSetPinValue: return raw::setValue(bytes[1], bytes[2]);
  }
  const uint8_t port = bytes[0] & 0x0f;
  switch (bytes[0] & 0xf0) {
    case kDigital: return raw::writePort(port, static_cast<uint8_t>(bytes[1] | bytes[2] << 7));
    case kReportDigital: return reportPort(port, bytes[1]);
  }
}

void onSysex(const uint8_t* bytes, uint8_t length) {
  if (bytes[0] <= wire::kLastCommand) {
    frame::Frame request;
    return frame::decode(bytes, length, request) ? guard::handle(request) : guard::countBadFrame();
  }
  switch (bytes[0]) {
    case kReportFirmware: return sendFirmware();
    case kCapabilityQuery: return sendCapabilities();
    case kAnalogMappingQuery: return sendAnalogMapping();
    case kPinStateQuery:
      if (length == 2) sendPinState(bytes[1]);
  }
}

Parser parser({onMessage, onSysex, guard::countBadFrame});

}  // namespace

void announce() {
  sendVersion();
  sendFirmware();
}

void receive(uint8_t byte) { parser.take(byte, clock::nowMs()); }

void everyMillisecond() {
  parser.tick(clock::nowMs());
  // One port each time: looking at all of them would leave no time for the line.
  nextPort = (nextPort + 1) % raw::kPorts;
  if (!isReported[nextPort]) return;
  const uint8_t levels = raw::readPort(nextPort);
  if (levels != reportedLevels[nextPort]) sendPort(nextPort, levels);
}

}  // namespace firmata
