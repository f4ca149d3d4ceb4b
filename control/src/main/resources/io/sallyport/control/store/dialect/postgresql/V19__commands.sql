-- Keys that sign commands and nothing else. The newest that waits becomes active when keys are rotated.
create table command_key (
  id text collate "C" not null primary key,
  number integer not null unique,
  public_key text collate "C" not null,
  sealed text collate "C" not null,
  standing text collate "C" not null check (standing in ('active', 'next', 'retired')),
  made_at bigint not null,
  changed_at bigint not null
);

create unique index command_key_active on command_key (standing) where standing = 'active';

-- The next sequence number of a key for a device. Never deleted, so that no number comes twice.
create table command_sequence (
  key_id text collate "C" not null,
  device text collate "C" not null,
  next bigint not null check (next >= 0),
  primary key (key_id, device)
);

-- What devices without a clock asked for; null once a command was signed with it.
create table command_challenge (
  device text collate "C" not null primary key,
  challenge text collate "C",
  at bigint not null
);

create table command (
  id text collate "C" not null primary key,
  number bigint not null unique,
  group_command text collate "C",
  group_name text collate "C",
  device text collate "C" not null,
  name text collate "C" not null,
  arguments text collate "C" not null,
  status text collate "C" not null check (status in
    ('pending', 'delivered', 'executed', 'failed', 'refused', 'expired', 'cancelled')),
  reason text collate "C" not null,
  detail text collate "C" not null,
  proof text collate "C" not null check (proof in ('none', 'device-key', 'transport')),
  state_hash text collate "C",
  key_id text collate "C",
  sequence bigint,
  policy_epoch bigint,
  issued_at bigint not null,
  expires_at bigint not null,
  envelope text collate "C",
  receipt text collate "C",
  actor text collate "C" not null,
  changed_at bigint not null,
  attempts integer not null,
  due_at bigint not null
);

create index command_by_device on command (device, number);
create index command_by_group on command (group_command, device);
create index command_open on command (due_at) where status in ('pending', 'delivered');
create index command_by_end on command (expires_at) where status in ('pending', 'delivered');
create index command_by_age on command (changed_at);
