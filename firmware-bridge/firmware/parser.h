// Finds messages in the bytes from the host, whatever else is among them. No hardware in here.
#pragma once
#include <stdint.h>

/// Cuts Firmata's byte stream into messages. A byte over 7F always starts anew, so nothing swallows what follows it.
class Parser {
 public:
  /// Who gets the messages; the bytes are good until the handler returns.
  struct Handlers {
    /// A command byte and its data bytes.
    void (*onMessage)(const uint8_t* bytes, uint8_t length);
    /// What stood between F0 and F7, at least one byte.
    void (*onSysex)(const uint8_t* bytes, uint8_t length);
    /// A sysex that was empty, too long, interrupted or given up.
    void (*onDamaged)();
  };

  /// Between F0 and F7: a frame has at most 60 bytes.
  static constexpr uint8_t kMaxSysex = 58;
  /// Silence after which an unfinished message is given up; a byte takes 0.17 ms.
  static constexpr uint8_t kGapMs = 20;

  explicit constexpr Parser(const Handlers& handlers) : handlers_(handlers) {}

  void take(uint8_t byte, uint32_t nowMs);
  /// Gives up what did not go on in time; call it every millisecond.
  void tick(uint32_t nowMs);

 private:
  void takeCommand(uint8_t command);
  void takeData(uint8_t byte);
  void abandon();

  Handlers handlers_;
  uint32_t heardMs_ = 0;
  bool inSysex_ = false;
  bool tooLong_ = false;
  uint8_t missing_ = 0;  // data bytes of a short message still to come
  uint8_t length_ = 0;
  uint8_t bytes_[kMaxSysex] = {};
};
