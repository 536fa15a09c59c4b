-- Data plane, SQLite. Times are seconds since 1970-01-01 UTC; ids are random and say nothing.
-- Columns named sealed_* hold AES-256-GCM items bound to their table, row, column and version.

-- One row per fact about the database itself: which key file it was sealed with.
create table meta (
    name  text primary key,
    value blob not null
) strict;

-- Hospitals and municipalities: the border no record crosses by itself.
create table organisation (
    id      text primary key,
    kind    text not null check (kind in ('hospital', 'municipality')),
    name    text not null,
    address text not null default '',
    phone   text not null default ''
) strict;

-- One row per person; nobody shares an account (厚生労働省ガイドライン 14①).
create table account (
    id            text primary key,
    login         text not null unique,
    organisation  text not null references organisation (id),
    role          text not null check (role in ('physician', 'clerk', 'officer')),
    name          text not null,
    doctor_number text not null default '',
    department    text not null default '',
    password_hash text not null,
    misses        integer not null default 0,
    locked_until  integer not null default 0,
    disabled      integer not null default 0 check (disabled in (0, 1))
) strict;

-- Signed-in browsers. Only the hash of the token is kept, so a copy of this table opens nothing.
create table session (
    token_hash blob primary key,
    account    text not null references account (id),
    csrf       text not null,
    created_at integer not null,
    seen_at    integer not null
) strict;

-- One row per clinical form. `version` counts every change of the draft (optimistic locking).
create table record (
    id           text primary key,
    hospital     text not null references organisation (id),
    form_key     text not null,
    form_edition text not null,
    application  text not null check (application in ('new', 'renewal')),
    version      integer not null,
    confirmed    integer not null default 0,
    deleted      integer not null default 0 check (deleted in (0, 1)),
    created_by   text not null references account (id),
    created_at   integer not null,
    updated_at   integer not null
) strict;
create index record_by_hospital on record (hospital, updated_at desc);

-- The answers being worked on: first drafts and revisions of confirmed records.
create table record_draft (
    record         text primary key references record (id),
    version        integer not null,
    sealed_answers blob not null,
    sealed_patient blob not null,
    kana_index     blob,
    edited_by      text not null references account (id),
    edited_at      integer not null
) strict;
create index record_draft_by_kana on record_draft (kana_index);

-- What a physician confirmed: never changed, never removed (真正性・更新履歴).
create table record_version (
    record         text not null references record (id),
    number         integer not null,
    draft_version  integer not null,
    sealed_answers blob not null,
    sealed_patient blob not null,
    kana_index     blob,
    form_key       text not null,
    form_edition   text not null,
    judged_on      text not null,
    result         text not null,
    entered_by     text not null references account (id),
    confirmed_by   text not null references account (id),
    confirmed_at   integer not null,
    primary key (record, number)
) strict;
create index record_version_by_kana on record_version (kana_index);

create trigger record_version_is_never_changed before update on record_version
begin select raise(abort, 'confirmed versions are never changed'); end;
create trigger record_version_is_never_removed before delete on record_version
begin select raise(abort, 'confirmed versions are never removed'); end;
-- `insert or replace` removes without firing the trigger above.
create trigger record_version_is_never_replaced before insert on record_version
when exists (select 1 from record_version where record = new.record and number = new.number)
begin select raise(abort, 'confirmed versions are never changed'); end;

-- Access keys: only a keyed hash, so the table opens no record.
create table access_key (
    mac        blob primary key,
    record     text not null,
    number     integer not null,
    issued_by  text not null references account (id),
    issued_at  integer not null,
    revoked_at integer,
    foreign key (record, number) references record_version (record, number)
) strict;
create index access_key_by_record on access_key (record, number);

-- A key just issued, readable only with the cookie of the browser it was issued to, for a while.
create table key_display (
    token_hash blob not null references session (token_hash) on delete cascade,
    record     text not null references record (id),
    sealed_key blob not null,
    until      integer not null,
    primary key (token_hash, record)
) strict;

-- Which municipality has redeemed a key of which version.
create table municipality_record (
    municipality text not null references organisation (id),
    record       text not null,
    number       integer not null,
    linked_by    text not null references account (id),
    linked_at    integer not null,
    primary key (municipality, record),
    foreign key (record, number) references record_version (record, number)
) strict;

-- 行政記載欄 of a municipality: its own, whatever the hospital does.
create table municipal_entry (
    municipality text not null,
    record       text not null,
    version      integer not null,
    decision     text not null check (decision in ('', 'approved', 'rejected', 'deferred')),
    decided_on   text not null,
    sealed_entry blob not null,
    entered_by   text not null references account (id),
    entered_at   integer not null,
    primary key (municipality, record),
    foreign key (municipality, record) references municipality_record (municipality, record)
) strict;

-- Access keys typed that open nothing, to lock guessing (30 an hour).
create table key_miss (
    account text not null references account (id),
    at      integer not null
) strict;
create index key_miss_by_account on key_miss (account, at);

-- Who did what when. Each row carries the hash of the one before it.
create table audit (
    seq          integer primary key,
    at           integer not null,
    actor        text not null,
    role         text not null,
    organisation text not null,
    action       text not null,
    object       text not null,
    version      integer not null,
    result       text not null,
    detail       text not null,
    prev_hash    blob not null,
    hash         blob not null
) strict;
create index audit_by_object on audit (object, seq);

create trigger audit_is_never_changed before update on audit
begin select raise(abort, 'the audit log is never changed'); end;
create trigger audit_is_never_removed before delete on audit
begin select raise(abort, 'the audit log is never removed'); end;
create trigger audit_is_never_replaced before insert on audit
when exists (select 1 from audit where seq = new.seq)
begin select raise(abort, 'the audit log is never changed'); end;
