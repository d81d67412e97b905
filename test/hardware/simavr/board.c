// An ATmega2560 on simavr in real time: USART0 on a pseudo-terminal of its own, told what to do line by line on stdin.
// The lines of both directions are described in ../README.md.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_hex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "line.h"

enum { CYCLES_PER_US = 16, SRAM_START = 0x200, PORTS = 11, PORT_BITS = 8 };
// 8N1; the host at 57 600 baud, whatever the board is set to.
enum { BITS_PER_BYTE = 10, HOST_CYCLES_PER_BYTE = 2778 };
// When the computer was busy elsewhere, time beyond this is skipped instead of caught up with.
enum { LAG_US = 250000, IDLE_US = 1000 };

// MCUSR (datasheet 12.5.1).
enum Cause { POWER_ON = 1, EXTERNAL = 2, WATCHDOG = 8 };
enum Level { INPUT, LOW, HIGH };

static const char portNames[PORTS + 1] = "ABCDEFGHJKL";
static const char *const levelNames[] = {"input", "low", "high"};

static avr_t *avr;
static avr_uart_t *uart;
static void (*coreReset)(avr_t *);
static enum Cause cause = WATCHDOG;  // what nobody here asked for is the watchdog's
static bool wasReset;
static uint64_t pastCycles;  // avr_reset sets the cycle counter back to 0
static avr_cycle_count_t seenCycle;
static enum Level levels[PORTS][PORT_BITS];

static void fail(const char *what) {
  fprintf(stderr, "board: %s\n", what);
  exit(1);
}

static uint64_t boardUs(void) {
  if (avr->cycle < seenCycle) pastCycles += seenCycle;
  seenCycle = avr->cycle;
  return (pastCycles + seenCycle) / CYCLES_PER_US;
}

static uint64_t wallUs(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

// --- Pins ---

static void tellPins(int port, uint8_t direction, uint8_t value) {
  for (int bit = 0; bit < PORT_BITS; bit += 1) {
    const int mask = 1 << bit;
    const enum Level level = !(direction & mask) ? INPUT : value & mask ? HIGH : LOW;
    if (levels[port][bit] == level) continue;
    levels[port][bit] = level;
    printf("pin %c%d %s %llu\n", portNames[port], bit, levelNames[level], (unsigned long long)boardUs());
  }
}

static avr_ioport_state_t portState(int port) {
  avr_ioport_state_t state;
  if (avr_ioctl(avr, AVR_IOCTL_IOPORT_GETSTATE(portNames[port]), &state) != 0) fail("simavr has no such port");
  return state;
}

static void onPort(avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq;
  const int port = (int)(intptr_t)param;
  tellPins(port, portState(port).ddr, (uint8_t)value);
}

/// Called before the register itself is written.
static void onDirection(avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq;
  const int port = (int)(intptr_t)param;
  tellPins(port, (uint8_t)value, portState(port).port);
}

static void watchPins(void) {
  for (int port = 0; port < PORTS; port += 1) {
    avr_irq_t *irqs = avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(portNames[port]), 0);
    // A reset clears the registers and leaves these values: what is written first afterwards would count as no change.
    for (int i = 0; i < IOPORT_IRQ_COUNT; i += 1) irqs[i].flags &= ~IRQ_FLAG_FILTERED;
    avr_irq_register_notify(irqs + IOPORT_IRQ_REG_PORT, onPort, (void *)(intptr_t)port);
    avr_irq_register_notify(irqs + IOPORT_IRQ_DIRECTION_ALL, onDirection, (void *)(intptr_t)port);
  }
}

/// The world holds a pin low, or lets it go to the board's pull-up.
static void drivePin(char name, int bit, bool low) {
  static uint8_t heldLow[PORTS];
  const char *found = name == '\0' ? NULL : strchr(portNames, name);
  if (found == NULL || bit < 0 || bit >= PORT_BITS) fail("no such pin");
  const int port = (int)(found - portNames);
  heldLow[port] = low ? heldLow[port] | 1 << bit : heldLow[port] & ~(1 << bit);
  avr_ioport_external_t external = {.name = (unsigned char)name, .mask = heldLow[port], .value = 0};
  avr_ioctl(avr, AVR_IOCTL_IOPORT_SET_EXTERNAL(name), &external);
  const bool pulledUp = portState(port).port >> bit & 1;
  avr_raise_irq(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ(name), bit), !low && pulledUp);
}

// --- Line ---

/// What comes faster than the board takes it would pile up in simavr, where a real board just samples a little late.
static avr_cycle_count_t cyclesPerByte(void) {
  return uart->cycles_per_byte > HOST_CYCLES_PER_BYTE ? uart->cycles_per_byte : HOST_CYCLES_PER_BYTE;
}

static avr_cycle_count_t giveByte(avr_t *unused, avr_cycle_count_t when, void *param) {
  (void)unused, (void)param;
  uint8_t byte;
  if (!line_take(&byte)) return 0;
  avr_raise_irq(uart->io.irq + UART_IRQ_INPUT, byte);
  return when + cyclesPerByte();
}

/// simavr counts a parity bit too, in both directions, and falls behind a host that does not.
static void keepBaud(void) {
  const uint32_t divider = avr_regbit_get(avr, uart->ubrrh) << 8 | avr_regbit_get(avr, uart->ubrrl);
  const uint32_t cyclesPerBit = (divider + 1) * (avr_regbit_get(avr, uart->u2x) ? 8 : 16);
  uart->cycles_per_byte = cyclesPerBit * BITS_PER_BYTE;
}

/// Also after a reset, which clears all cycle timers.
static void keepGiving(void) {
  if (!line_has_bytes() || avr_cycle_timer_status(avr, giveByte, NULL) != 0) return;
  avr_cycle_timer_register(avr, cyclesPerByte(), giveByte, NULL);
}

static void onSent(avr_irq_t *irq, uint32_t value, void *param) {
  (void)irq, (void)param;
  line_send((uint8_t)value);
}

static void watchUart(void) {
  for (avr_io_t *io = avr->io_port; io != NULL; io = io->next) {
    if (io->irq_ioctl_get == AVR_IOCTL_UART_GETIRQ('0')) uart = (avr_uart_t *)io;
  }
  if (uart == NULL) fail("simavr has no USART0");
  uart->flags = 0;  // neither naps while polled nor prints
  avr_irq_register_notify(uart->io.irq + UART_IRQ_OUTPUT, onSent, NULL);
}

// --- Resets ---

static void onReset(avr_t *self) {
  coreReset(self);
  wasReset = true;
}

/// What the reset did to pins, and whose it was.
static void tellReset(void) {
  wasReset = false;
  for (int port = 0; port < PORTS; port += 1) {
    const avr_ioport_state_t state = portState(port);
    tellPins(port, state.ddr, state.port);
  }
  const char *name = cause == WATCHDOG ? "watchdog" : cause == EXTERNAL ? "external" : "power";
  printf("reset %s %llu\n", name, (unsigned long long)boardUs());
  cause = WATCHDOG;
}

static void resetBy(enum Cause why) {
  cause = why;
  boardUs();
  avr_reset(avr);
  if (why == POWER_ON) {
    // SRAM holds anything then; zeros would hide a program that relies on them.
    uint32_t x = 0x2560;
    for (int at = SRAM_START; at <= avr->ramend; at += 1) {
      x = x * 1103515245 + 12345;
      avr->data[at] = (uint8_t)(x >> 16);
    }
  }
  avr_regbit_set(avr, why == POWER_ON ? avr->reset_flags.porf : avr->reset_flags.extrf);
  tellReset();
}

// --- Commands ---

static bool obey(const char *line) {
  char name, word[16];
  int bit;
  unsigned address, value;
  if (sscanf(line, "pin %c%d %15s", &name, &bit, word) == 3) {
    drivePin(name, bit, strcmp(word, "low") == 0);
  } else if (sscanf(line, "poke %x %x", &address, &value) == 2 && address <= avr->ramend) {
    avr->data[address] = (uint8_t)value;
  } else if (strcmp(line, "reset external") == 0) {
    resetBy(EXTERNAL);
  } else if (strcmp(line, "reset power") == 0) {
    resetBy(POWER_ON);
  } else if (strcmp(line, "unplug") == 0) {
    line_unplug();
  } else if (strcmp(line, "plug") == 0) {
    printf("port %s\n", line_plug());
  } else if (strcmp(line, "quit") == 0) {
    return false;
  } else if (strcmp(line, "sync") != 0) {
    fail("no such command");
  }
  printf("done %llu\n", (unsigned long long)boardUs());
  return true;
}

/// False when it is time to end.
static bool obeyAll(void) {
  static char text[1024];
  static size_t length;
  const ssize_t got = read(STDIN_FILENO, text + length, sizeof text - length - 1);
  if (got <= 0) return false;
  length += (size_t)got;
  text[length] = '\0';
  char *line = text;
  for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
    *end = '\0';
    if (!obey(line)) return false;
  }
  length = strlen(line);
  if (length == sizeof text - 1) fail("a line that long is no command");
  memmove(text, line, length);
  return true;
}

// --- Main ---

static void onLog(avr_t *self, const int level, const char *format, va_list args) {
  (void)self;
  if (level <= LOG_ERROR) vfprintf(stderr, format, args);
}

/// Time is kept by the main loop; asleep it just jumps.
static void onSleep(avr_t *self, avr_cycle_count_t cycles) { (void)self, (void)cycles; }

static void boot(const char *hexFile) {
  avr_global_logger_set(onLog);
  avr = avr_make_mcu_by_name("atmega2560");
  if (avr == NULL) fail("simavr knows no atmega2560");
  avr_init(avr);
  avr->frequency = CYCLES_PER_US * 1000000;
  avr->sleep = onSleep;
  ihex_chunk_p chunks = NULL;
  const int count = read_ihex_chunks(hexFile, &chunks);
  if (count <= 0) fail("no firmware");
  for (int i = 0; i < count; i += 1) {
    if (chunks[i].baseaddr + chunks[i].size > avr->flashend + 1) fail("the firmware is too long");
    avr_loadcode(avr, chunks[i].data, chunks[i].size, chunks[i].baseaddr);
  }
  free_ihex_chunks(chunks);
  coreReset = avr->reset;
  avr->reset = onReset;
  watchUart();
  watchPins();
}

static void runUntil(uint64_t us) {
  while (boardUs() < us) {
    const int state = avr_run(avr);
    if (state == cpu_Done || state == cpu_Crashed) fail("the program crashed");
    if (wasReset) tellReset();
  }
}

int main(int count, char **words) {
  if (count != 2) fail("usage: board FIRMWARE.hex < commands");
  setvbuf(stdout, NULL, _IOLBF, 0);
  boot(words[1]);
  printf("port %s\n", line_plug());
  resetBy(POWER_ON);
  printf("done %llu\n", (unsigned long long)boardUs());
  for (uint64_t startUs = wallUs();;) {
    const uint64_t lagUs = wallUs() - startUs - boardUs();
    if ((int64_t)lagUs > LAG_US) startUs += lagUs - LAG_US;
    keepBaud();
    keepGiving();
    runUntil(wallUs() - startUs);
    struct pollfd waiting[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = line_room(), .events = POLLIN}};
    const struct timespec idle = {.tv_nsec = IDLE_US * 1000};
    if (ppoll(waiting, 2, &idle, NULL) < 0 && errno != EINTR) fail("ppoll");
    runUntil(wallUs() - startUs);
    if (waiting[0].revents != 0 && !obeyAll()) return 0;
    if (waiting[1].revents != 0) line_fill();
  }
}
