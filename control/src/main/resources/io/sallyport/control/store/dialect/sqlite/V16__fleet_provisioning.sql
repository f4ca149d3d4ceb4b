-- Provisioning templates: what a device becomes that comes with a claim over MQTT.
create table provisioning_template (
  name text not null primary key,
  body text not null,
  asks_hook integer not null check (asks_hook in (0, 1)),
  changed_by text not null,
  changed_at bigint not null
);

-- The templates that a claim is bound to, by their names; empty: it enrols by EST.
alter table claim add column templates text not null default '';

-- Certificates that were signed for a device that has not said what it is: nothing takes them yet.
create table provisioning_certificate (
  token_sha256 text not null primary key,
  serial text not null unique,
  principal text not null unique,
  public_key_sha256 text not null,
  claim text not null references claim (name),
  csr text not null,
  pem text not null,
  expires_at bigint not null
);

create index provisioning_certificate_by_end on provisioning_certificate (expires_at);

create index certificate_by_key on certificate (public_key_sha256);
