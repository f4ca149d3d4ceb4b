-- What lets a device enrol itself. Tokens are known by their hash only; each serves once, for one id.
create table enrolment_token (
  sha256 text not null primary key,
  principal text not null,
  state text not null check (state in ('open', 'spent', 'revoked')),
  thing_type text not null,
  attributes text not null,
  policies text,
  validity_days integer,
  created_by text not null,
  created_at bigint not null,
  not_after bigint not null,
  changed_at bigint not null,
  public_key_sha256 text
);

create index enrolment_token_by_end on enrolment_token (not_after);

-- Requests of devices that showed nothing: an operator decides. One for each public key.
create table enrolment_application (
  public_key_sha256 text not null primary key,
  principal text not null,
  state text not null check (state in ('pending', 'approved', 'rejected', 'issued')),
  source text not null,
  thing_type text not null,
  attributes text not null,
  policies text,
  validity_days integer,
  asked_at bigint not null,
  expires_at bigint not null,
  decided_by text,
  decided_at bigint
);

create index enrolment_application_by_principal on enrolment_application (principal);
