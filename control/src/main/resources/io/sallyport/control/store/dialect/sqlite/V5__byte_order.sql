-- SQLite compares text byte by byte already; PostgreSQL does from this version on.
select 1;
