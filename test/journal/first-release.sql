-- A journal as the first release left it: tables of user_version 1, ten events, a visit under way at locker 2.
PRAGMA page_size = 1024;
PRAGMA application_id = 1280207468;
PRAGMA user_version = 1;

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
  opened      INTEGER CHECK (opened IN (0, 1)),
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
  (1, 1795446571600, 'floor', '{"type":"item-stocked","locker":1,"item":"30106000000017"}'),
  (2, 1795446571600, 'floor', '{"type":"item-stocked","locker":2,"item":"30106000000025"}'),
  (3, 1795446572000, 'trusted', '{"type":"checkout-intended","visit":1,"locker":1,"item":"30106000000017","patron":"a1a1a1a1a1a1a1a1","pass":"0000000000000001"}'),
  (4, 1795446587000, 'trusted', '{"type":"checkout-cancelled","visit":1,"locker":1,"item":"30106000000017","reason":"never-opened"}'),
  (5, 1795446590000, 'trusted', '{"type":"checkout-intended","visit":2,"locker":1,"item":"30106000000017","patron":"a1a1a1a1a1a1a1a1","pass":"0000000000000002"}'),
  (6, 1795446591000, 'trusted', '{"type":"item-lent","visit":2,"locker":1,"item":"30106000000017","patron":"a1a1a1a1a1a1a1a1","dueAt":1797868799000,"dueProvisional":false}'),
  (7, 1795446595000, 'trusted', '{"type":"checkout-completed","visit":2,"locker":1,"door":"closed"}'),
  (8, 1795446600000, 'trusted', '{"type":"checkin-intended","visit":3,"locker":3,"item":"30106000000033"}'),
  (9, 1795446615000, 'trusted', '{"type":"checkin-cancelled","visit":3,"locker":3,"item":"30106000000033","reason":"never-opened"}'),
  (10, 1795446620000, 'trusted', '{"type":"checkout-intended","visit":4,"locker":2,"item":"30106000000025","patron":"b2b2b2b2b2b2b2b2","pass":"0000000000000003"}');
INSERT INTO locker VALUES
  (1, NULL, NULL, NULL, NULL, NULL, NULL),
  (2, '30106000000025', 4, 'checkout', '30106000000025', 'b2b2b2b2b2b2b2b2', 0),
  (3, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO loan VALUES ('30106000000017', 'a1a1a1a1a1a1a1a1', 1797868799000, 0);
INSERT INTO mark VALUES ('epoch', '0f4e1c9b7a6d5e32'), ('sent', 7), ('starts', 5);
INSERT INTO document VALUES ('holdings', 3, '{"version":3,"titles":[],"items":[]}');
