-- Device shadows; of a deleted one its version is remembered for a while.
create table shadow (
  thing text not null references principal (id),
  -- Empty: the classic one.
  name text not null,
  version bigint not null,
  state text not null,
  metadata text not null,
  changed_at bigint not null,
  deleted_at bigint,
  primary key (thing, name)
);

create index shadow_by_deletion on shadow (deleted_at) where deleted_at is not null;
