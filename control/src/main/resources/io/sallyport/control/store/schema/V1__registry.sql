-- One schema for SQLite and PostgreSQL: text, bigint and integer only; time is milliseconds since 1970.

create table principal (
  id text not null primary key,
  kind text not null check (kind in ('device', 'backend')),
  standing text not null check (standing in ('active', 'quarantined', 'revoked')),
  thing_type text not null,
  attributes text not null,
  enrolled_at bigint not null,
  changed_at bigint not null
);

create index principal_by_kind on principal (kind, id);

-- The certificates of devices, backends and operators. The principal is no foreign key: a serial is
-- recorded before the certificate is signed, and the principal exists only once it is.
create table certificate (
  serial text not null primary key,
  kind text not null check (kind in ('device', 'backend', 'operator')),
  principal text not null,
  status text not null check (status in ('pending', 'active', 'inactive', 'revoked', 'expired')),
  public_key_sha256 text not null,
  recorded_at bigint not null,
  fingerprint text unique,
  not_before bigint,
  not_after bigint,
  pem text,
  revoked_at bigint,
  revocation_reason text,
  check (status in ('pending', 'revoked') or pem is not null)
);

create index certificate_by_principal on certificate (principal, kind);

create index certificate_by_status on certificate (status, not_after);

create table public_key_seen (
  spki_sha256 text not null primary key,
  kind text not null,
  principal text not null,
  first_seen bigint not null
);

create table policy (
  name text not null primary key,
  version integer not null check (version > 0),
  created_at bigint not null
);

create table policy_version (
  name text not null references policy (name),
  version integer not null check (version > 0),
  document text not null,
  created_at bigint not null,
  created_by text not null,
  primary key (name, version)
);

create table attachment (
  principal text not null references principal (id),
  policy text not null references policy (name),
  primary key (principal, policy)
);

create index attachment_by_policy on attachment (policy, principal);

create table operator (
  name text not null primary key,
  role text not null check (role in ('viewer', 'operator', 'security')),
  enrolled_at bigint not null
);

-- What was cut when somebody was revoked or quarantined. One without an end was interrupted, and is
-- taken up again at the next start.
create table receipt (
  id text not null primary key,
  principal text not null references principal (id),
  action text not null check (action in ('revoke', 'quarantine')),
  reason text not null,
  actor text not null,
  certificates text not null,
  started_at bigint not null,
  ended_at bigint,
  document text
);

create index receipt_by_principal on receipt (principal, started_at);

create table ledger (
  sequence bigint not null primary key,
  at bigint not null,
  type text not null,
  actor text not null,
  subject text not null,
  facts text not null,
  previous_hash text not null,
  hash text not null
);

-- The newest record's number and hash. Whoever appends locks this row first, so a chain never forks;
-- a ledger that was cut short no longer ends in it.
create table ledger_head (
  one integer not null primary key check (one = 1),
  sequence bigint not null,
  hash text not null
);

insert into ledger_head (one, sequence, hash)
  values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
