-- Every RSA modulus that was ever offered, in hexadecimal: a new one that shares a factor with any
-- of them is refused. Written only by whoever holds the ledger's head, so numbers have no gaps that
-- could be filled later.
create table rsa_modulus (
  number bigint not null primary key,
  spki_sha256 text not null unique,
  kind text not null,
  principal text not null,
  modulus text not null
);
