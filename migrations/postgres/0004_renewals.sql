-- A renewal that was made from the record of an earlier year: which one, and which of its versions.
alter table record add column renewed_from text references record (id);
alter table record add column renewed_version bigint;
create index record_renewed_from on record (renewed_from);
