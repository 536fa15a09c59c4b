-- Data plane, PostgreSQL; the same tables as in the SQLite folder. Times are seconds since 1970-01-01 UTC; ids are random and say nothing.
-- Columns named sealed_* hold AES-256-GCM items bound to their table, row, column and version.

-- One row per fact about the database itself: which key file it was sealed with.
create table meta (
    name  text primary key,
    value bytea not null
);

-- Hospitals and municipalities: the border no record crosses by itself.
create table organisation (
    id      text primary key,
    kind    text not null check (kind in ('hospital', 'municipality')),
    name    text not null,
    address text not null default '',
    phone   text not null default ''
);

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
    misses        bigint not null default 0,
    locked_until  bigint not null default 0,
    disabled      bigint not null default 0 check (disabled in (0, 1))
);

-- Signed-in browsers. Only the hash of the token is kept, so a copy of this table opens nothing.
create table session (
    token_hash bytea primary key,
    account    text not null references account (id),
    csrf       text not null,
    created_at bigint not null,
    seen_at    bigint not null
);

-- One row per clinical form. `version` counts every change of the draft (optimistic locking).
create table record (
    id           text primary key,
    hospital     text not null references organisation (id),
    form_key     text not null,
    form_edition text not null,
    application  text not null check (application in ('new', 'renewal')),
    version      bigint not null,
    confirmed    bigint not null default 0,
    deleted      bigint not null default 0 check (deleted in (0, 1)),
    created_by   text not null references account (id),
    created_at   bigint not null,
    updated_at   bigint not null
);
create index record_by_hospital on record (hospital, updated_at desc);

-- The answers being worked on: first drafts and revisions of confirmed records.
create table record_draft (
    record         text primary key references record (id),
    version        bigint not null,
    sealed_answers bytea not null,
    sealed_patient bytea not null,
    kana_index     bytea,
    edited_by      text not null references account (id),
    edited_at      bigint not null
);
create index record_draft_by_kana on record_draft (kana_index);

-- What a physician confirmed: never changed, never removed (真正性・更新履歴).
create table record_version (
    record         text not null references record (id),
    number         bigint not null,
    draft_version  bigint not null,
    sealed_answers bytea not null,
    sealed_patient bytea not null,
    kana_index     bytea,
    form_key       text not null,
    form_edition   text not null,
    judged_on      text not null,
    result         text not null,
    entered_by     text not null references account (id),
    confirmed_by   text not null references account (id),
    confirmed_at   bigint not null,
    primary key (record, number)
);
create index record_version_by_kana on record_version (kana_index);

-- Refuses what a trigger is put on.
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0];
end
$$;

create trigger record_version_is_never_changed before update on record_version
    for each row execute function refuse('confirmed versions are never changed');
create trigger record_version_is_never_removed before delete on record_version
    for each row execute function refuse('confirmed versions are never removed');

-- Access keys: only a keyed hash, so the table opens no record.
create table access_key (
    mac        bytea primary key,
    record     text not null,
    number     bigint not null,
    issued_by  text not null references account (id),
    issued_at  bigint not null,
    revoked_at bigint,
    foreign key (record, number) references record_version (record, number)
);
create index access_key_by_record on access_key (record, number);

-- A key just issued, readable only with the cookie of the browser it was issued to, for a while.
create table key_display (
    token_hash bytea not null references session (token_hash) on delete cascade,
    record     text not null references record (id),
    sealed_key bytea not null,
    until      bigint not null,
    primary key (token_hash, record)
);

-- Which municipality has redeemed a key of which version.
create table municipality_record (
    municipality text not null references organisation (id),
    record       text not null,
    number       bigint not null,
    linked_by    text not null references account (id),
    linked_at    bigint not null,
    primary key (municipality, record),
    foreign key (record, number) references record_version (record, number)
);

-- 行政記載欄 of a municipality: its own, whatever the hospital does.
create table municipal_entry (
    municipality text not null,
    record       text not null,
    version      bigint not null,
    decision     text not null check (decision in ('', 'approved', 'rejected', 'deferred')),
    decided_on   text not null,
    sealed_entry bytea not null,
    entered_by   text not null references account (id),
    entered_at   bigint not null,
    primary key (municipality, record),
    foreign key (municipality, record) references municipality_record (municipality, record)
);

-- Access keys typed that open nothing, to lock guessing (30 an hour).
create table key_miss (
    account text not null references account (id),
    at      bigint not null
);
create index key_miss_by_account on key_miss (account, at);

-- Who did what when. Each row carries the hash of the one before it.
create table audit (
    seq          bigint primary key,
    at           bigint not null,
    actor        text not null,
    role         text not null,
    organisation text not null,
    action       text not null,
    object       text not null,
    version      bigint not null,
    result       text not null,
    detail       text not null,
    prev_hash    bytea not null,
    hash         bytea not null
);
create index audit_by_object on audit (object, seq);

create trigger record_version_is_never_truncated before truncate on record_version
    for each statement execute function refuse('confirmed versions are never removed');
create trigger audit_is_never_truncated before truncate on audit
    for each statement execute function refuse('the audit log is never removed');
create trigger audit_is_never_changed before update on audit
    for each row execute function refuse('the audit log is never changed');
create trigger audit_is_never_removed before delete on audit
    for each row execute function refuse('the audit log is never removed');
