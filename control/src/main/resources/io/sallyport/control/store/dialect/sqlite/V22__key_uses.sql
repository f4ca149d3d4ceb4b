-- What connections carried under the protection of each key, whichever certificates it has.
create table key_use (
  public_key_sha256 text not null primary key,
  messages bigint not null,
  bytes bigint not null
);

-- The last report of each process that counts, so that one that is sent again is not added again.
create table key_use_report (
  reporter text not null primary key,
  number bigint not null,
  written_at bigint not null
);
