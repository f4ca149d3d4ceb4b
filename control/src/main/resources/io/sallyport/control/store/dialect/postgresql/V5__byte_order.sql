-- Ids and names are ordered byte by byte, as on SQLite and as clients expect of pages, whatever the
-- language of this database. Every text column, since columns that are compared must agree; a
-- column that a later version adds here must say collate "C", too.
do $$
declare
  one record;
begin
  for one in
    select table_name, column_name from information_schema.columns
      where table_schema = current_schema() and data_type = 'text'
  loop
    execute format(
      'alter table %I alter column %I type text collate "C"', one.table_name, one.column_name);
  end loop;
end $$;
