-- Lists of those who are quarantined, or of one type, without a look at everybody.

create index principal_by_standing on principal (kind, standing, id);

create index principal_by_type on principal (kind, thing_type, id);
