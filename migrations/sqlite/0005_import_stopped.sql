-- Whether reading the file ended in this record, so that nobody knows what follows it.
alter table import_record add column stopped integer not null default 0 check (stopped in (0, 1));
