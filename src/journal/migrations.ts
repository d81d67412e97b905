/** Marks an SQLite file as a journal of this program (`PRAGMA application_id`; the letters LNjl). */
export const applicationId = 0x4c4e6a6c;

/**
 * How the tables came to be: entry n takes a journal from `user_version` n to n + 1, in one transaction.
 * Released entries are never edited; a change of the tables is a new entry. Where rows of the ledger get another shape,
 * an entry gives it to those of `base`; those of `ledger` are recomputed when `LedgerRules.version` changes.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE event (
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

   INSERT INTO mark VALUES ('epoch', lower(hex(randomblob(8)))), ('sent', 0), ('starts', 0);`,

  `ALTER TABLE locker ADD COLUMN withheld TEXT
     CHECK (withheld IN ('did-not-open', 'door-silent', 'door-forced', 'outcome-unknown'));
   ALTER TABLE locker ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;
   UPDATE locker SET missed = (
     SELECT count(*) FROM event
     WHERE body ->> '$.locker' = locker.locker AND body ->> '$.reason' = 'never-opened'
       AND position > (
         SELECT coalesce(max(position), 0) FROM event
         WHERE body ->> '$.locker' = locker.locker
           AND body ->> '$.type' IN ('item-lent', 'checkin-opened')
       )
   );`,

  `CREATE TABLE base (
     part TEXT NOT NULL,
     key  ANY NOT NULL,
     row  TEXT NOT NULL,
     PRIMARY KEY (part, key)
   ) STRICT, WITHOUT ROWID;

   INSERT INTO mark VALUES ('folded', 0), ('folded-next-visit', 1), ('folded-trusted', 0);`,

  `CREATE TABLE ledger (
     part TEXT NOT NULL,
     key  ANY NOT NULL,
     row  TEXT NOT NULL,
     PRIMARY KEY (part, key)
   ) STRICT, WITHOUT ROWID;

   INSERT INTO ledger SELECT 'lockers', locker, json_object(
     'item', item,
     'intent', json(CASE purpose
       WHEN 'checkout' THEN json_object('visit', visit, 'purpose', purpose, 'item', intent_item,
         'patron', patron, 'opened', json(iif(opened, 'true', 'false')))
       WHEN 'checkin' THEN json_object('visit', visit, 'purpose', purpose, 'item', intent_item,
         'opened', json(iif(opened, 'true', 'false')))
     END),
     'withheld', withheld, 'missed', missed, 'damage', NULL) FROM locker;
   INSERT INTO ledger SELECT 'loans', item, json_object(
     'patron', patron, 'dueAt', due_at, 'dueProvisional', json(iif(due_provisional, 'true', 'false')),
     'renewals', 0, 'renewalAsked', json('false'), 'visit', (
       SELECT max(body ->> '$.visit') FROM event
       WHERE body ->> '$.type' = 'item-lent' AND body ->> '$.item' = loan.item
     )) FROM loan;
   DROP TABLE locker;
   DROP TABLE loan;`,

  `INSERT INTO mark VALUES ('rules', 0);`,
];
