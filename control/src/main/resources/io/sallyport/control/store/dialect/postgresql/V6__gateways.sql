-- What several gateways on one database need to know of each other; times are the database's own.

-- What changed and concerns the gates, in the order of commits: whoever adds a row holds the lock of
-- ledger_head until its transaction ends. "cut" is 1 where somebody's connections are to end.
create table trust_change (
  sequence bigint generated always as identity primary key,
  at bigint not null,
  gateway text collate "C" not null,
  scope text collate "C" not null
    check (scope in ('principal', 'group', 'policy', 'ticket-keys')),
  name text collate "C" not null,
  cut integer not null check (cut in (0, 1))
);

-- Everything up to here was pruned: who has not come so far must read the whole registry.
create table trust_change_floor (
  one integer not null primary key check (one = 1),
  sequence bigint not null
);

insert into trust_change_floor (one, sequence) values (1, 0);

-- "node" is the data directory's, "instance" the process's; "position" is how far a gateway has
-- followed the changes, "joined_at" where it began.
create table gateway (
  name text collate "C" not null primary key,
  node text collate "C" not null,
  instance text collate "C" not null,
  version text collate "C" not null,
  address text collate "C" not null,
  started_at bigint not null,
  seen_at bigint not null,
  max_age bigint not null,
  joined_at bigint not null,
  position bigint not null,
  left_at bigint
);

-- What a gateway did when it heard that somebody's connections are to end.
create table cut_confirmation (
  sequence bigint not null,
  gateway text collate "C" not null,
  at bigint not null,
  steps text collate "C" not null,
  primary key (sequence, gateway)
);

-- The keys of TLS session tickets, sealed under a key that is not in the database.
create table ticket_key (
  number bigint generated always as identity primary key,
  made_at bigint not null,
  sealed text collate "C" not null
);

-- Through which gateway it was ordered: when that one starts again, it was interrupted for certain.
alter table receipt add column gateway text collate "C" not null default '';
