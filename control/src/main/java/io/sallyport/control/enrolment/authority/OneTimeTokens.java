package io.sallyport.control.enrolment.authority;

import io.sallyport.control.enrolment.Enrolment;
import io.sallyport.control.enrolment.Warrant;
import io.sallyport.control.enrolment.authority.AuthorityAnswer.Refused;
import io.sallyport.control.enrolment.authority.AuthorityAnswer.Why;
import io.sallyport.control.ledger.LedgerStore;
import io.sallyport.control.registry.Principals;
import io.sallyport.control.store.Database;
import io.sallyport.identity.PrincipalId;
import io.sallyport.ledger.EventType;
import io.sallyport.ledger.SecurityEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tokens that let one device enrol itself once; only their hashes are kept. */
public final class OneTimeTokens {
  /** Bound: how long a token may be good. */
  public static final Duration VALIDITY_MAX = Duration.ofDays(90);

  /** Bound: tokens that the registry holds, spent ones too. */
  static final long TOKENS_MAX = 1_000_000;

  // 256 bits: nobody guesses one, so a plain hash is enough to keep it by.
  private static final int SECRET_BYTES = 32;
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{16}");

  private final Database database;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  OneTimeTokens(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Makes a token for a device that does not exist yet. */
  public AuthorityAnswer create(String id, NewcomerTerms terms, Duration validity, String actor) {
    if (!PrincipalId.isCertifiable(id)) {
      return malformed("malformed-id", "an id is 1 to 64 characters of A-Z a-z 0-9 : _ -");
    }
    var wrong = terms.malformation();
    if (wrong.isPresent()) {
      return malformed("malformed-terms", wrong.get());
    }
    if (!validity.isPositive() || validity.compareTo(VALIDITY_MAX) > 0) {
      return malformed(
          "malformed-validity", "a token is good for at most " + VALIDITY_MAX.toDays() + " days");
    }
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var now = clock.instant();
    var token =
        new TokenRecord(
            hash(secret.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            new PrincipalId(id),
            TokenRecord.State.OPEN,
            terms,
            actor,
            now,
            now.plus(validity),
            null);
    return database.write(handle -> insert(handle, token, secret));
  }

  private static AuthorityAnswer insert(
      org.jdbi.v3.core.Handle handle, TokenRecord token, String secret) {
    if (Principals.exists(handle, token.id())) {
      return new Refused(
          Why.CONFLICT,
          "id-exists",
          "a device or a backend has the id '" + token.id() + "' already");
    }
    if (TokenTable.count(handle) >= TOKENS_MAX) {
      return new Refused(Why.CONFLICT, "too-many-tokens", "there are " + TOKENS_MAX + " tokens");
    }
    TokenTable.insert(handle, token);
    LedgerStore.append(
        handle,
        SecurityEvent.of(
            token.createdAt(),
            EventType.ENROLMENT_TOKEN_CREATED,
            token.createdBy(),
            token.id().value(),
            Map.of("token", token.name(), "notAfter", token.notAfter().toString())));
    return new AuthorityAnswer.TokenMade(token, secret);
  }

  /** Ends a token that nobody has used. */
  public AuthorityAnswer revoke(String name, String actor) {
    if (!NAME.matcher(name).matches()) {
      return malformed("malformed-token-name", "a token's name is 16 hex digits");
    }
    var now = clock.instant();
    return database.write(
        handle -> {
          var token = TokenTable.revoke(handle, name, now);
          if (token.isEmpty()) {
            return new Refused(Why.UNKNOWN, "token-unknown", "no open token '" + name + "'");
          }
          LedgerStore.append(
              handle,
              SecurityEvent.of(
                  now,
                  EventType.ENROLMENT_TOKEN_REVOKED,
                  actor,
                  token.get().id().value(),
                  Map.of("token", name)));
          return new AuthorityAnswer.TokenRevoked(token.get());
        });
  }

  /** The next tokens after a name, in the order of names, which is no order of time. */
  public List<TokenRecord> page(String after, int limit) {
    return database.read(handle -> TokenTable.page(handle, after, limit));
  }

  /** The token of that secret, whatever became of it, if it is for that id. */
  Optional<TokenRecord> find(PrincipalId id, byte[] secret) {
    var hash = hash(secret);
    return database
        .read(handle -> TokenTable.find(handle, hash))
        .filter(token -> token.id().equals(id));
  }

  /** Lets one in, once. */
  static Warrant warrant(TokenRecord token) {
    return (handle, id, key, now) ->
        TokenTable.spend(handle, token.hash(), key, now)
            ? Optional.empty()
            : Optional.of(
                new Enrolment.Refused(
                    id.value(),
                    Enrolment.Why.UNACCEPTABLE,
                    "token-spent",
                    "the token was used already, or is over"));
  }

  void purge(org.jdbi.v3.core.Handle handle, Instant now) {
    TokenTable.purge(handle, now.minus(KEPT));
  }

  private static String hash(byte[] secret) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Refused malformed(String reason, String detail) {
    return new Refused(Why.MALFORMED, reason, detail);
  }
}
