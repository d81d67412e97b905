#include "parser.h"

#include "firmata_numbers.h"

namespace {

uint8_t dataBytesOf(uint8_t command) {
  // Below F0 the low half is a port or a pin.
  switch (command < firmata::kSysexStart ? command & 0xf0 : command) {
    case firmata::kDigital:
    case firmata::kAnalog:
    case firmata::kSetPinMode:
    case firmata::kSetPinValue: return 2;
    case firmata::kReportAnalog:
    case firmata::kReportDigital: return 1;
    default: return 0;
  }
}

}  // namespace

void Parser::take(uint8_t byte, uint32_t nowMs) {
  heardMs_ = nowMs;
  if (byte & 0x80) return takeCommand(byte);
  takeData(byte);
}

void Parser::tick(uint32_t nowMs) {
  if ((inSysex_ || missing_) && nowMs - heardMs_ >= kGapMs) abandon();
}

void Parser::takeCommand(uint8_t command) {
  if (command == firmata::kSysexEnd && inSysex_ && !tooLong_ && length_) {
    inSysex_ = false;
    return handlers_.onSysex(bytes_, length_);
  }
  abandon();
  length_ = 0;
  if (command == firmata::kSysexStart) {
    inSysex_ = true;
    return;
  }
  bytes_[length_++] = command;
  missing_ = dataBytesOf(command);
  if (missing_ == 0) handlers_.onMessage(bytes_, length_);
}

void Parser::takeData(uint8_t byte) {
  if (inSysex_) {
    tooLong_ = tooLong_ || length_ == kMaxSysex;
    if (!tooLong_) bytes_[length_++] = byte;
  } else if (missing_) {
    bytes_[length_++] = byte;
    if (--missing_ == 0) handlers_.onMessage(bytes_, length_);
  }
}

void Parser::abandon() {
  const bool wasSysex = inSysex_;
  inSysex_ = tooLong_ = false;
  missing_ = 0;
  if (wasSysex) handlers_.onDamaged();
}
