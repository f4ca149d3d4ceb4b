-- What no policy may make possible: one document, or none.
create table invariants (
  one integer not null primary key check (one = 1),
  document text not null,
  set_at bigint not null,
  set_by text not null
);
