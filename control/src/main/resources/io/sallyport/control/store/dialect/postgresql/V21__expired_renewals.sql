-- The certificate that an application is to renew, by its fingerprint; null: somebody new asks.
alter table enrolment_application add column renews text collate "C";

-- Renewals of certificates that had expired, by the new key; for a day, so that they are counted.
create table expired_renewal (
  public_key_sha256 text collate "C" not null primary key,
  principal text collate "C" not null,
  renews text collate "C" not null,
  at bigint not null
);

create index expired_renewal_by_principal on expired_renewal (principal, at);

create index expired_renewal_by_time on expired_renewal (at);
