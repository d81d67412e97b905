// The firmware's parser and codec as a filter on the computer, for codec.test.ts.
//   read HEX...                     -> one line for each message found: "frame C S Q FIELDS", "refused", "damaged",
//                                      "message HEX", "firmata HEX"; then "."
//   gap MS                          -> so much silence; what it ended, then "."
//   write COMMAND SESSION SEQUENCE FIELDS -> the frame's bytes, then "."
//   fuzz SEED BYTES                 -> "frames N damaged N" of so many random bytes, then "."
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "frame.h"
#include "parser.h"
#include "wire.h"

namespace {

bool isQuiet = false;
unsigned long frames = 0;
unsigned long damaged = 0;
uint32_t nowMs = 0;

void printHex(const uint8_t* bytes, uint8_t length) {
  for (uint8_t i = 0; i < length; ++i) std::printf("%02X", bytes[i]);
}

void say(const char* what, const uint8_t* bytes, uint8_t length) {
  if (isQuiet) return;
  std::printf("%s ", what);
  printHex(bytes, length);
  std::printf("\n");
}

void onMessage(const uint8_t* bytes, uint8_t length) { say("message", bytes, length); }

void onDamaged() {
  ++damaged;
  if (!isQuiet) std::printf("damaged\n");
}

void onSysex(const uint8_t* bytes, uint8_t length) {
  if (bytes[0] > wire::kLastCommand) return say("firmata", bytes, length);
  frame::Frame frame;
  if (!frame::decode(bytes, length, frame)) {
    ++damaged;
    if (!isQuiet) std::printf("refused\n");
    return;
  }
  ++frames;
  if (isQuiet) return;
  std::printf("frame %u %u %u ", frame.command, frame.session, frame.sequence);
  printHex(frame.fields, frame.length);
  std::printf("\n");
}

Parser parser({onMessage, onSysex, onDamaged});

std::vector<uint8_t> bytesOf(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (size_t at = 0; at + 1 < hex.size(); at += 2) bytes.push_back(std::stoul(hex.substr(at, 2), nullptr, 16));
  return bytes;
}

void read(std::istringstream& line) {
  std::string hex;
  while (line >> hex) {
    for (const uint8_t byte : bytesOf(hex)) parser.take(byte, nowMs);
  }
}

void write(std::istringstream& line) {
  unsigned command, session, sequence;
  std::string fields;
  line >> command >> session >> sequence >> fields;
  frame::Writer writer(command, session, sequence);
  for (const uint8_t byte : bytesOf(fields)) writer.u8(byte);
  writer.send([](uint8_t byte) { std::printf("%02X ", byte); });
  std::printf("\n");
}

/// Mostly bytes of sysex, so that many reach the codec.
void fuzz(std::istringstream& line) {
  unsigned seed, count;
  line >> seed >> count;
  std::mt19937 random(seed);
  isQuiet = true;
  frames = damaged = 0;
  for (unsigned i = 0; i < count; ++i) {
    const unsigned die = random() % 32;
    const uint8_t any = static_cast<uint8_t>(random());
    parser.take(die == 0 ? 0xf0 : die == 1 ? 0xf7 : die == 2 ? any : any & (die % 2 ? 0x7f : 1), ++nowMs / 16);
    if (die == 3) parser.tick(nowMs / 16);
  }
  isQuiet = false;
  std::printf("frames %lu damaged %lu\n", frames, damaged);
}

void obey(std::istringstream& line) {
  std::string verb;
  line >> verb;
  if (verb == "read") return read(line);
  if (verb == "write") return write(line);
  if (verb == "fuzz") return fuzz(line);
  uint32_t gapMs = 0;
  line >> gapMs;
  nowMs += gapMs;
  parser.tick(nowMs);
}

}  // namespace

int main() {
  std::string text;
  while (std::getline(std::cin, text)) {
    std::istringstream line(text);
    obey(line);
    std::printf(".\n");
    std::fflush(stdout);
  }
}
