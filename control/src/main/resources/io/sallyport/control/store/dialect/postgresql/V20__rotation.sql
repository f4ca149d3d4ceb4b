-- Rotation of devices' certificates: each ask with its answer, its proof and its end.
create table rotation (
  nonce text collate "C" not null primary key,
  principal text collate "C" not null,
  -- 0: the device came by itself.
  wave bigint not null,
  cause text collate "C" not null,
  state text collate "C" not null
    check (state in ('due', 'asked', 'issued', 'proven', 'retired', 'stuck')),
  why text collate "C" not null,
  asks integer not null,
  old_fingerprint text collate "C" not null,
  old_not_after bigint not null,
  rotate_by bigint not null,
  -- When the next thing is to be done about it, as long as it is open.
  next_at bigint not null,
  due_at bigint not null,
  asked_at bigint,
  public_key_sha256 text collate "C",
  key_at bigint,
  new_fingerprint text collate "C",
  issued_at bigint,
  -- The certificate that the device came with last, since there is another.
  seen_fingerprint text collate "C",
  proven_at bigint,
  ended_at bigint
);

-- A device rotates once at a time.
create unique index rotation_open on rotation (principal)
  where state in ('due', 'asked', 'issued', 'proven');

create index rotation_by_next on rotation (state, next_at);

create index rotation_by_principal on rotation (principal, due_at);

create index rotation_by_wave on rotation (wave, state);

create table rotation_wave (
  number bigint not null primary key,
  -- Who named its devices; null: the pace formed it.
  named_by text collate "C",
  devices bigint not null,
  begun_at bigint not null
);

-- Devices that an operator wants rotated and that are in no wave yet.
create table rotation_demand (
  principal text collate "C" not null primary key,
  rotate_by bigint,
  demanded_at bigint not null
);

create index rotation_demand_by_time on rotation_demand (demanded_at, principal);

-- Groups, or everybody, whose devices are yet to be demanded, and up to which id that was done.
create table rotation_order (
  number bigint not null primary key,
  -- Empty: everybody.
  group_name text collate "C" not null,
  rotate_by bigint,
  demanded_at bigint not null,
  after_id text collate "C" not null
);

-- What devices answered in their shadows, until it is worked on: the last one of each.
create table rotation_answer (
  principal text collate "C" not null primary key,
  nonce text collate "C" not null,
  csr text collate "C" not null,
  taken_until bigint not null
);

create index rotation_answer_by_taken on rotation_answer (taken_until);

-- One row, once something is to be remembered: how big waves are, and whether there are any.
create table rotation_pace (
  one integer not null primary key check (one = 1),
  size integer not null,
  paused_by text collate "C",
  paused_at bigint,
  -- Waves that began before this say nothing of the pace.
  resumed_at bigint not null
);

-- How many days before its end an alarm was given for a certificate, the last time.
create table rotation_alarm (
  serial text collate "C" not null primary key,
  days integer not null
);
