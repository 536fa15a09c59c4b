-- Imports: keys hospitals seal with, tokens their systems sign in with, files taken in record by record.

-- 医療機関番号: what keys and containers call the hospital.
alter table organisation add column number text not null default '';
-- 責任者 of the organisation: issues and withdraws its keys.
alter table account add column manager integer not null default 0 check (manager in (0, 1));

-- Keys issued to hospitals: the certificate only. The private key stands in the hospital's file, and nowhere here.
create table hospital_key (
    kid         text primary key,
    hospital    text not null references organisation (id),
    certificate text not null,
    state       text not null check (state in ('active', 'reissued', 'compromised')),
    changed_at  integer not null,
    issued_by   text not null references account (id),
    issued_at   integer not null
) strict;
create index hospital_key_by_hospital on hospital_key (hospital, issued_at desc);

-- Tokens of hospital systems. Only the hash is kept, so a copy of this table opens nothing.
create table api_token (
    id         text primary key,
    token_hash blob not null unique,
    hospital   text not null references organisation (id),
    label      text not null,
    created_by text not null references account (id),
    created_at integer not null,
    revoked_at integer
) strict;
create index api_token_by_hospital on api_token (hospital, created_at desc);

-- One row per file of a hospital, whatever happens to it. The same bytes are the same import.
create table import (
    id          text primary key,
    hospital    text not null references organisation (id),
    sha256      text not null,
    size        integer not null,
    mode        text not null check (mode in ('each', 'all')),
    state       text not null check (state in ('receiving', 'queued', 'done', 'refused', 'expired')),
    sealed_name blob not null,
    sent_by     text not null references account (id),
    created_at  integer not null,
    touched_at  integer not null,
    -- from here on: known once the file is there
    received_at integer,
    judged_on   text,
    -- known once the container has been verified
    kid         text,
    container   text,
    -- which forms checked it: what was begun with others begins anew
    release     text,
    -- the end
    finished_at integer,
    reason      text not null default '',
    message     text not null default '',
    records     integer not null default 0,
    registered  integer not null default 0,
    duplicates  integer not null default 0,
    unique (hospital, sha256)
) strict;
create index import_by_hospital on import (hospital, created_at desc);
create index import_by_key on import (kid);
create index import_open on import (state);

-- What came of each record of a file, in its order. `number` is 0 for what concerns the file as a whole.
create table import_record (
    import          text not null references import (id),
    seq             integer not null,
    number          integer not null,
    outcome         text not null check (outcome in ('staged', 'registered', 'duplicate', 'held', 'refused', 'file')),
    identity        blob,
    record          text,
    form_key        text not null default '',
    form_edition    text not null default '',
    result          text,
    previous        text,
    sealed_findings blob,
    primary key (import, seq)
) strict;

-- Which record of a hospital says what: a keyed hash of all it says, so that it is registered once.
create table import_identity (
    hospital text not null references organisation (id),
    identity blob not null,
    record   text not null references record (id),
    primary key (hospital, identity)
) strict;
create index import_identity_by_record on import_identity (record);
