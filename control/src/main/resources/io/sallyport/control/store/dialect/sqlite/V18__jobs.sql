-- Jobs: what devices are to do, in AWS IoT's terms. The settings are the JSON that the job was made of.
create table job (
  id text not null primary key,
  state text not null check (state in ('SCHEDULED', 'IN_PROGRESS', 'CANCELED', 'COMPLETED')),
  description text not null,
  document text not null,
  settings text not null,
  created_by text not null,
  created_at bigint not null,
  changed_by text not null,
  changed_at bigint not null,
  reason text,
  comment text,
  rollout_ended integer not null default 0 check (rollout_ended in (0, 1)),
  ticked_at bigint not null,
  version bigint not null default 1
);

create index job_by_state on job (state, ticked_at);

-- The devices of a snapshot that have no execution yet.
create table job_target (
  job text not null references job (id),
  device text not null references principal (id),
  primary key (job, device)
);

create index job_target_by_device on job_target (device);

-- One attempt of one device at one job; the latest has the highest number.
create table job_execution (
  job text not null references job (id),
  device text not null references principal (id),
  number bigint not null,
  latest integer not null check (latest in (0, 1)),
  status text not null check (status in ('QUEUED', 'IN_PROGRESS', 'SUCCEEDED', 'FAILED',
    'TIMED_OUT', 'REJECTED', 'REMOVED', 'CANCELED')),
  details text not null,
  version bigint not null,
  queued_at bigint not null,
  started_at bigint,
  updated_at bigint not null,
  in_progress_until bigint,
  step_until bigint,
  due_at bigint,
  retry_of text,
  failed_before bigint not null,
  timed_out_before bigint not null,
  primary key (job, device, number)
);

create index job_execution_pending on job_execution (device)
  where status in ('QUEUED', 'IN_PROGRESS');
create index job_execution_by_status on job_execution (job, latest, status, retry_of);
create index job_execution_by_queued on job_execution (job, queued_at);
create index job_execution_due on job_execution (due_at) where due_at is not null;
create index job_execution_by_device on job_execution (device, job);

-- Devices that have not been told yet that their list of pending executions changed, and whether
-- another one is first.
create table job_notice (
  device text not null primary key references principal (id),
  next_changed integer not null check (next_changed in (0, 1)),
  version bigint not null
);
