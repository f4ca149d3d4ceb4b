-- Pins of the server's keys that went into bundles together. A set is known by its content.
create table pin_set (
  id text not null primary key,
  pins text not null,
  first_at bigint not null,
  last_at bigint not null,
  bundles bigint not null
);
