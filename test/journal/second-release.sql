-- A journal as the release with withheld lockers left it: tables of user_version 2, 25 events,
-- a return under way at locker 6.
PRAGMA page_size = 1024;
PRAGMA application_id = 1280207468;
PRAGMA user_version = 2;

CREATE TABLE event (
  position INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  trust    TEXT NOT NULL CHECK (trust IN ('trusted', 'floor')),
  body     TEXT NOT NULL
) STRICT;
CREATE TABLE locker (
  locker      INTEGER PRIMARY KEY,
  item        TEXT,
  visit       INTEGER,
  purpose     TEXT CHECK (purpose IN ('checkout', 'checkin')),
  intent_item TEXT,
  patron      TEXT,
  opened      INTEGER CHECK (opened IN (0, 1)), withheld TEXT
  CHECK (withheld IN ('did-not-open', 'door-silent', 'door-forced', 'outcome-unknown')), missed INTEGER NOT NULL DEFAULT 0,
  CHECK ((visit IS NULL) = (purpose IS NULL)
     AND (visit IS NULL) = (intent_item IS NULL)
     AND (visit IS NULL) = (opened IS NULL))
) STRICT;
CREATE TABLE loan (
  item            TEXT PRIMARY KEY,
  patron          TEXT NOT NULL,
  due_at          INTEGER NOT NULL,
  due_provisional INTEGER NOT NULL CHECK (due_provisional IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE mark (
  name  TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE document (
  name    TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  body    TEXT NOT NULL
) STRICT;

INSERT INTO event VALUES
  (1, 1795446500000, 'trusted', '{"type":"item-stocked","locker":1,"item":"30106000000017"}'),
  (2, 1795446500000, 'trusted', '{"type":"item-stocked","locker":2,"item":"30106000000025"}'),
  (3, 1795446500000, 'trusted', '{"type":"item-stocked","locker":3,"item":"30106000000033"}'),
  (4, 1795446500000, 'trusted', '{"type":"item-stocked","locker":4,"item":"30106000000041"}'),
  (5, 1795446505000, 'trusted', '{"type":"checkout-intended","visit":1,"locker":1,"item":"30106000000017","patron":"a1a1a1a1a1a1a1a1","pass":"0000000000000001"}'),
  (6, 1795446510000, 'trusted', '{"type":"item-lent","visit":1,"locker":1,"item":"30106000000017","patron":"a1a1a1a1a1a1a1a1","dueAt":1797868799000,"dueProvisional":false}'),
  (7, 1795446515000, 'trusted', '{"type":"checkout-completed","visit":1,"locker":1,"door":"closed"}'),
  (8, 1795446520000, 'trusted', '{"type":"checkout-intended","visit":2,"locker":2,"item":"30106000000025","patron":"b2b2b2b2b2b2b2b2","pass":"0000000000000002"}'),
  (9, 1795446525000, 'trusted', '{"type":"checkout-cancelled","visit":2,"locker":2,"item":"30106000000025","reason":"never-opened"}'),
  (10, 1795446530000, 'floor', '{"type":"checkout-intended","visit":3,"locker":2,"item":"30106000000025","patron":"b2b2b2b2b2b2b2b2","pass":"0000000000000002"}'),
  (11, 1795446535000, 'floor', '{"type":"checkout-cancelled","visit":3,"locker":2,"item":"30106000000025","reason":"never-opened"}'),
  (12, 1795446535000, 'floor', '{"type":"locker-withheld","locker":2,"reason":"did-not-open"}'),
  (13, 1795446540000, 'floor', '{"type":"checkin-intended","visit":4,"locker":5,"item":"30106000000017"}'),
  (14, 1795446545000, 'floor', '{"type":"checkin-opened","visit":4,"locker":5}'),
  (15, 1795446550000, 'trusted', '{"type":"item-returned","visit":4,"locker":5,"item":"30106000000017","door":"left-open"}'),
  (16, 1795446555000, 'trusted', '{"type":"checkout-intended","visit":5,"locker":3,"item":"30106000000033","patron":"b2b2b2b2b2b2b2b2","pass":"0000000000000003"}'),
  (17, 1795446560000, 'trusted', '{"type":"item-lent","visit":5,"locker":3,"item":"30106000000033","patron":"b2b2b2b2b2b2b2b2","dueAt":1797868799000,"dueProvisional":true}'),
  (18, 1795446565000, 'trusted', '{"type":"checkout-completed","visit":5,"locker":3,"door":"unknown"}'),
  (19, 1795446570000, 'trusted', '{"type":"locker-withheld","locker":4,"reason":"door-forced"}'),
  (20, 1795446575000, 'trusted', '{"type":"locker-restored","locker":2}'),
  (21, 1795446580000, 'trusted', '{"type":"checkin-intended","visit":6,"locker":6,"item":"30106000000058"}'),
  (22, 1795446585000, 'trusted', '{"type":"checkin-cancelled","visit":6,"locker":6,"item":"30106000000058","reason":"never-opened"}'),
  (23, 1795446590000, 'trusted', '{"type":"checkin-intended","visit":7,"locker":6,"item":"30106000000058"}'),
  (24, 1795446595000, 'trusted', '{"type":"checkin-opened","visit":7,"locker":6}'),
  (25, 1795446600000, 'trusted', '{"type":"locker-withheld","locker":1,"reason":"outcome-unknown"}');
INSERT INTO locker VALUES
  (1, NULL, NULL, NULL, NULL, NULL, NULL, 'outcome-unknown', 0),
  (2, '30106000000025', NULL, NULL, NULL, NULL, NULL, NULL, 0),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0),
  (4, '30106000000041', NULL, NULL, NULL, NULL, NULL, 'door-forced', 0),
  (5, '30106000000017', NULL, NULL, NULL, NULL, NULL, NULL, 0),
  (6, NULL, 7, 'checkin', '30106000000058', NULL, 1, NULL, 0);
INSERT INTO loan VALUES
  ('30106000000033', 'b2b2b2b2b2b2b2b2', 1797868799000, 1);
INSERT INTO mark VALUES
  ('epoch', '2c6f0e1d8b7a9354'),
  ('sent', 20),
  ('starts', 1);
INSERT INTO document VALUES
  ('holdings', 3, '{"version":3,"titles":[],"items":[]}');
