-- A file is used by one process: there are no other gateways to tell anything.
alter table receipt add column gateway text not null default '';
