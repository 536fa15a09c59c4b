-- Forms of the programme itself (軽症高額の確認), filled in by a municipality beside a record it has
-- redeemed. What is judged stays with the record, by the edition and on the day it was judged.
create table municipal_form (
    municipality   text not null,
    record         text not null,
    form_key       text not null,
    form_edition   text not null,
    version        bigint not null,
    judged_on      text not null,
    result         text not null check (result in ('eligible', 'mild', 'not_met', 'undetermined')),
    sealed_answers bytea not null,
    entered_by     text not null references account (id),
    entered_at     bigint not null,
    primary key (municipality, record, form_key),
    foreign key (municipality, record) references municipality_record (municipality, record)
);
