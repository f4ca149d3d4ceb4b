-- Groups of devices and backends; whoever is in a group has its policies besides its own.
create table principal_group (
  name text not null primary key,
  created_at bigint not null,
  created_by text not null
);

create table group_member (
  group_name text not null references principal_group (name),
  principal text not null references principal (id),
  primary key (group_name, principal)
);

create index group_member_by_principal on group_member (principal, group_name);

create table group_policy (
  group_name text not null references principal_group (name),
  policy text not null references policy (name),
  primary key (group_name, policy)
);

create index group_policy_by_policy on group_policy (policy, group_name);

-- What operators call a device, what it runs, and whether it has proved that; null is not known.
alter table principal add column tags text not null default '{}';
alter table principal add column firmware_version text;
alter table principal add column attested integer check (attested in (0, 1));
