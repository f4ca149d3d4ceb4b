-- What was last published of revocations, for each issuing authority.

-- "number" was given to a list before it was signed, and never comes again; "published" is that of
-- the newest lists that are kept. They hold what was revoked when "counted" certificates had been
-- revoked since "since". "urls" are those under which certificates name them, the newest first.
create table revocation_publication (
  authority text collate "C" not null primary key,
  number bigint not null check (number > 0),
  published bigint not null,
  since bigint not null,
  counted bigint not null,
  urls text collate "C" not null
);

-- The signed lists: of everything ("devices") and of each part ("devices-0" and so on). "contents"
-- is a hash of what is in one; "der" is its signed form in base64.
create table revocation_list (
  name text collate "C" not null primary key,
  authority text collate "C" not null,
  number bigint not null check (number > 0),
  this_update bigint not null,
  next_update bigint not null,
  entries bigint not null,
  contents text collate "C" not null,
  der text collate "C" not null
);

create index certificate_by_revocation on certificate (revoked_at) where revoked_at is not null;
