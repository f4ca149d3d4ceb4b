-- Manufacturers whose certificates introduce devices: an authority, and how to read a serial number.
create table manufacturer (
  name text collate "C" not null primary key,
  fingerprint text collate "C" not null unique,
  subject_sha256 text collate "C" not null,
  pem text collate "C" not null,
  serial_source text collate "C" not null,
  is_open integer not null check (is_open in (0, 1)),
  group_name text collate "C" not null,
  thing_type text collate "C" not null,
  attributes text collate "C" not null,
  policies text collate "C",
  validity_days integer,
  serials bigint not null,
  spent bigint not null,
  added_by text collate "C" not null,
  added_at bigint not null
);

create index manufacturer_by_subject on manufacturer (subject_sha256);

-- The manifest: each serial number serves once. One that an open manufacturer's device brought is
-- here from then on.
create table manufacturer_serial (
  manufacturer text collate "C" not null references manufacturer (name),
  serial text collate "C" not null,
  state text collate "C" not null check (state in ('open', 'spent', 'revoked')),
  device text collate "C",
  group_name text collate "C" not null,
  thing_type text collate "C" not null,
  attributes text collate "C" not null,
  policies text collate "C",
  validity_days integer,
  public_key_sha256 text collate "C",
  changed_at bigint not null,
  primary key (manufacturer, serial)
);

-- Certificates of production lines: so many uses, within a time, for ids that fit.
create table claim (
  name text collate "C" not null primary key,
  batch text collate "C" not null,
  state text collate "C" not null check (state in ('open', 'killed')),
  serial text collate "C" not null unique,
  public_key_sha256 text collate "C" not null,
  fingerprint text collate "C" unique,
  pem text collate "C",
  ids text collate "C" not null,
  uses_max bigint not null check (uses_max > 0),
  uses bigint not null check (uses between 0 and uses_max),
  per_minute_max bigint not null,
  minute bigint not null,
  minute_uses bigint not null,
  group_name text collate "C" not null,
  thing_type text collate "C" not null,
  attributes text collate "C" not null,
  policies text collate "C",
  validity_days integer,
  not_before bigint not null,
  not_after bigint not null,
  created_by text collate "C" not null,
  created_at bigint not null,
  killed_by text collate "C",
  killed_at bigint
);

create index claim_by_batch on claim (batch, name);

-- Which key was enrolled by which claim.
create table claim_use (
  public_key_sha256 text collate "C" not null primary key,
  claim text collate "C" not null references claim (name),
  principal text collate "C" not null,
  used_at bigint not null
);

create index claim_use_by_claim on claim_use (claim, principal);
