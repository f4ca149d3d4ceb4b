-- Whose word counts as evidence of what a device is and runs; device is null for an authority of DICE chains.
create table attestation_key (
  spki_sha256 text not null primary key,
  format text not null check (format in ('psa', 'eat', 'tpm2', 'dice')),
  device text,
  pem text not null,
  added_at bigint not null,
  added_by text not null,
  check ((device is null) = (format = 'dice'))
);

create index attestation_key_by_device on attestation_key (device, format);

-- What a component may have been measured to be.
create table reference_value (
  component text not null,
  value text not null,
  note text not null,
  added_at bigint not null,
  added_by text not null,
  primary key (component, value)
);

-- Challenges that were given out and not answered yet; each is answered once.
create table attestation_challenge (
  challenge text not null primary key,
  device text not null,
  key_sha256 text not null,
  expires_at bigint not null
);

create index attestation_challenge_by_device on attestation_challenge (device, expires_at);

-- Until when evidence counts; null with attested = 1 is an operator's word, which does not age.
alter table principal add column attested_until bigint;
