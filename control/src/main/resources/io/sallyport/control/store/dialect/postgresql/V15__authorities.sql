-- Authorities that follow those of ca/: the first of each name is there, with its key; of it only its
-- standing is here, and what other roots certified of it.
create table authority (
  name text collate "C" not null check (name in ('root', 'devices', 'servers')),
  generation integer not null check (generation >= 1),
  standing text collate "C" not null
    check (standing in ('requested', 'trusted', 'active', 'outgoing', 'retired')),
  sealed_key text collate "C",
  request text collate "C",
  begun_at bigint not null,
  activated_at bigint,
  retired_at bigint,
  primary key (name, generation)
);

-- Their certificates, by the generation of the root that gave them; a root's by another are links.
create table authority_certificate (
  name text collate "C" not null,
  generation integer not null,
  root integer not null,
  pem text collate "C" not null,
  primary key (name, generation, root),
  foreign key (name, generation) references authority (name, generation)
);

-- Which device is known to trust which root or devices CA, and from what.
create table authority_trust (
  name text collate "C" not null,
  generation integer not null,
  principal text collate "C" not null,
  learnt_by text collate "C" not null check (learnt_by in ('cacerts', 'bundle')),
  learnt_at bigint not null,
  primary key (name, generation, principal)
);

-- Which devices CA signed it; of operators', the servers CA.
alter table certificate add column issuer integer not null default 1;

create index certificate_by_issuer on certificate (issuer, status, principal);
