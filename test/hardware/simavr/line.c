#define _GNU_SOURCE
#include "line.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/// A little more than the kernel keeps for a port of its own.
static uint8_t bytes[4096];
static unsigned from, to;  // they count on for ever; bytes[n % size]

static int host = -1;
/// The port, held open so that a host may come and go without a hang-up.
static int keeper = -1;

static void check(bool ok, const char *call) {
  if (ok) return;
  perror(call);
  exit(1);
}

const char *line_plug(void) {
  line_unplug();
  host = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  check(host >= 0, "posix_openpt");
  check(grantpt(host) == 0 && unlockpt(host) == 0, "unlockpt");
  const char *path = ptsname(host);
  check(path != NULL, "ptsname");
  keeper = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
  check(keeper >= 0, path);
  // Else the kernel would echo what the board says before the host opens its end.
  struct termios settings;
  check(tcgetattr(keeper, &settings) == 0, "tcgetattr");
  cfmakeraw(&settings);
  check(tcsetattr(keeper, TCSANOW, &settings) == 0, "tcsetattr");
  return path;
}

void line_unplug(void) {
  if (host < 0) return;
  close(keeper);
  close(host);
  host = keeper = -1;
  from = to;
}

void line_send(uint8_t byte) {
  if (host < 0) return;
  const ssize_t written = write(host, &byte, 1);
  (void)written;  // nobody reads: as over USB, the byte is lost
}

static unsigned room(void) { return sizeof bytes - (to - from); }

int line_room(void) { return room() > 0 ? host : -1; }

void line_fill(void) {
  uint8_t come[sizeof bytes];
  const ssize_t got = host < 0 ? 0 : read(host, come, room());
  for (ssize_t i = 0; i < got; i += 1) bytes[to++ % sizeof bytes] = come[i];
}

bool line_has_bytes(void) { return to != from; }

bool line_take(uint8_t *byte) {
  if (!line_has_bytes()) return false;
  *byte = bytes[from++ % sizeof bytes];
  return true;
}
