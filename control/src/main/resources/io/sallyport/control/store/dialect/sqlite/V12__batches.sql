-- What leaves a factory together, so that it can be ended together. "members" counts who is in it, so that the
-- bound on them is kept without counting.
create table batch (
  name text not null primary key,
  state text not null check (state in ('open', 'closed', 'killed')),
  wanted bigint not null check (wanted > 0),
  members bigint not null check (members >= 0 and members <= wanted),
  created_by text not null,
  created_at bigint not null,
  changed_by text not null,
  changed_at bigint not null,
  reason text
);

-- "ended" is 1 when its certificates were revoked because the batch was killed.
create table batch_member (
  principal text not null primary key references principal (id),
  batch text not null references batch (name),
  ended integer not null check (ended in (0, 1))
);

create index batch_member_by_batch on batch_member (batch, ended, principal);
