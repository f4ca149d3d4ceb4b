-- Who is observed; the proposal is what would take the place of the policies attached to it.
create table observation (
  scope text not null check (scope in ('principal', 'group')),
  name text not null,
  started_at bigint not null,
  started_by text not null,
  primary key (scope, name)
);

create table proposed_policy (
  scope text not null,
  name text not null,
  policy text not null references policy (name),
  primary key (scope, name, policy),
  foreign key (scope, name) references observation (scope, name)
);

create index proposed_policy_by_policy on proposed_policy (policy, scope, name);

-- What observed principals were allowed: names as resources write them, few for each principal. An
-- empty name counts what could not be recorded.
create table activity (
  principal text not null references principal (id),
  action text not null,
  name text not null,
  uses bigint not null,
  denied_uses bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  denied_at bigint,
  primary key (principal, action, name)
);

create index activity_by_time on activity (last_at);

-- When which resource of which statement decided something for anybody.
create table right_use (
  policy text not null references policy (name),
  version integer not null,
  statement integer not null,
  action text not null,
  resource integer not null,
  first_at bigint not null,
  last_at bigint not null,
  primary key (policy, version, statement, action, resource)
);

-- From when to when somebody recorded: what is not within is not known, and not claimed.
create table recording (
  started_at bigint not null primary key,
  recorded_until bigint not null
);
