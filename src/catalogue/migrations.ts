/** Marks an SQLite file as a catalogue of this program (`PRAGMA application_id`; the letters LNct). */
export const applicationId = 0x4c4e6374;

/**
 * The history of the tables: entry n takes a catalogue from `user_version` n to n + 1, in one transaction.
 * Released entries are never edited; a change of the tables is a new entry.
 *
 * `epoch`, `event` and `conflict` are what kiosks sent; `loan` and `place` are computed from it.
 * Events name items and patrons without reference: they are facts, also when the catalogue does not know the book.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE title (
     title    TEXT PRIMARY KEY,
     name     TEXT NOT NULL,
     author   TEXT NOT NULL,
     language TEXT NOT NULL CHECK (language IN ('zh', 'en'))
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE item (
     item           TEXT PRIMARY KEY,
     title          TEXT NOT NULL REFERENCES title,
     kiosk          TEXT NOT NULL,
     planned_locker INTEGER,
     UNIQUE (kiosk, planned_locker)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX item_by_title ON item (title);

   CREATE TABLE patron (
     patron TEXT PRIMARY KEY,
     name   TEXT NOT NULL,
     label  TEXT NOT NULL,
     card   TEXT NOT NULL UNIQUE
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE epoch (
     id    INTEGER PRIMARY KEY,
     kiosk TEXT NOT NULL,
     epoch TEXT NOT NULL,
     last  INTEGER NOT NULL,
     UNIQUE (kiosk, epoch)
   ) STRICT;

   CREATE TABLE event (
     epoch_id INTEGER NOT NULL REFERENCES epoch,
     position INTEGER NOT NULL,
     at       INTEGER NOT NULL,
     trust    TEXT NOT NULL CHECK (trust IN ('trusted', 'floor')),
     body     TEXT NOT NULL,
     PRIMARY KEY (epoch_id, position)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE conflict (
     epoch_id INTEGER NOT NULL,
     position INTEGER NOT NULL,
     at       INTEGER NOT NULL,
     trust    TEXT NOT NULL,
     body     TEXT NOT NULL,
     times    INTEGER NOT NULL DEFAULT 1,
     PRIMARY KEY (epoch_id, position),
     FOREIGN KEY (epoch_id, position) REFERENCES event
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE loan (
     item            TEXT PRIMARY KEY,
     kiosk           TEXT NOT NULL,
     patron          TEXT NOT NULL,
     due_at          INTEGER NOT NULL,
     due_provisional INTEGER NOT NULL CHECK (due_provisional IN (0, 1))
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX loan_by_patron ON loan (patron);
   CREATE INDEX loan_by_kiosk ON loan (kiosk);

   CREATE TABLE place (
     item   TEXT PRIMARY KEY,
     kiosk  TEXT NOT NULL,
     locker INTEGER NOT NULL,
     UNIQUE (kiosk, locker)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE mark (
     name  TEXT PRIMARY KEY,
     value INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  `ALTER TABLE title ADD COLUMN loan_class TEXT;
   ALTER TABLE title ADD COLUMN adults_only INTEGER NOT NULL DEFAULT 0 CHECK (adults_only IN (0, 1));
   ALTER TABLE item ADD COLUMN wanted INTEGER NOT NULL DEFAULT 0 CHECK (wanted IN (0, 1));
   ALTER TABLE patron ADD COLUMN age TEXT NOT NULL DEFAULT 'adult' CHECK (age IN ('adult', 'child'));
   ALTER TABLE patron ADD COLUMN pin TEXT;
   ALTER TABLE patron ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1));
   ALTER TABLE loan ADD COLUMN visit INTEGER;

   CREATE TABLE revoked (
     pass TEXT PRIMARY KEY
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE hold (
     hold   TEXT PRIMARY KEY,
     kiosk  TEXT NOT NULL,
     item   TEXT NOT NULL,
     patron TEXT NOT NULL,
     until  INTEGER NOT NULL,
     ended  TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX hold_by_kiosk ON hold (kiosk);

   CREATE TABLE returned_elsewhere (
     kiosk TEXT NOT NULL,
     item  TEXT NOT NULL,
     visit INTEGER NOT NULL,
     PRIMARY KEY (kiosk, item)
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE last_move (
     item TEXT PRIMARY KEY,
     at   INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE policy (
     id   INTEGER PRIMARY KEY CHECK (id = 1),
     body TEXT NOT NULL
   ) STRICT;`,

  `DROP TABLE last_move;
   CREATE TABLE last_move (
     item  TEXT PRIMARY KEY,
     kiosk TEXT NOT NULL,
     at    INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;

   ALTER TABLE returned_elsewhere ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
   CREATE INDEX returned_elsewhere_by_number ON returned_elsewhere (number);
   ALTER TABLE revoked ADD COLUMN number INTEGER NOT NULL DEFAULT 0;

   UPDATE loan SET visit = lent.visit FROM (
     SELECT kiosk, body ->> '$.item' AS item, max(body ->> '$.visit') AS visit
     FROM event JOIN epoch ON epoch.id = epoch_id WHERE body ->> '$.type' = 'item-lent' GROUP BY 1, 2
   ) AS lent WHERE loan.visit IS NULL AND lent.kiosk = loan.kiosk AND lent.item = loan.item;

   INSERT OR IGNORE INTO mark SELECT told.name, value FROM mark
     JOIN (SELECT 'patrons' AS name UNION SELECT 'holds' UNION SELECT 'returns') AS told WHERE mark.name = 'holdings';
   UPDATE mark SET value = value + 1 WHERE name = 'holdings';`,

  `CREATE TABLE kiosk_key (
     kiosk TEXT PRIMARY KEY,
     pem   TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;

   CREATE TABLE signing_key (
     number  INTEGER PRIMARY KEY,
     in_use  INTEGER NOT NULL CHECK (in_use IN (0, 1)),
     retired INTEGER NOT NULL CHECK (retired IN (0, 1))
   ) STRICT;
   INSERT INTO signing_key VALUES (0, 1, 0);

   CREATE TABLE command (
     command    TEXT PRIMARY KEY,
     kiosk      TEXT NOT NULL,
     issued_at  INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     body       TEXT NOT NULL,
     answer     TEXT CHECK (answer IN ('accepted', 'refused', 'done')),
     reason     TEXT,
     locker     INTEGER,
     item       TEXT,
     visit      INTEGER,
     due_at     INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX command_by_visit ON command (kiosk, visit);
   CREATE INDEX command_waiting ON command (expires_at) WHERE answer IS NULL;`,

  `CREATE TABLE presence (
     kiosk  TEXT PRIMARY KEY,
     secret TEXT NOT NULL
   ) STRICT, WITHOUT ROWID;`,

  `CREATE TABLE granted (
     pass   TEXT PRIMARY KEY,
     kiosk  TEXT NOT NULL,
     patron TEXT NOT NULL,
     item   TEXT,
     at     INTEGER NOT NULL,
     until  INTEGER NOT NULL,
     stage  TEXT NOT NULL DEFAULT 'given'
            CHECK (stage IN ('given', 'unlocked', 'lent', 'closed', 'cancelled', 'undone')),
     locker INTEGER,
     found  TEXT,
     visit  INTEGER,
     due_at INTEGER,
     reason TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX granted_by_visit ON granted (kiosk, visit);
   CREATE INDEX granted_by_patron ON granted (patron, at);
   CREATE INDEX granted_by_time ON granted (at);`,
];
