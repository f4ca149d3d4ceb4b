package io.sallyport.app.installation;

import io.sallyport.app.configuration.Configuration;
import io.sallyport.app.configuration.PkiKeys;
import io.sallyport.cli.terminal.Failure;
import io.sallyport.control.rollover.Rollover;
import io.sallyport.identity.PublicUrl;
import io.sallyport.identity.issuance.Authorities;
import io.sallyport.identity.issuance.AuthorityFiles;
import io.sallyport.identity.issuance.AuthorityLine;
import io.sallyport.identity.issuance.AuthorityRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings the authorities of a process to what the registry says of them. */
final class Succession {
  private final DataDirectory directory;
  private final AuthorityFiles files;
  private final Passphrases passphrases;
  private final Authorities authorities;
  private final AuthorityLine first;
  private final @Nullable PublicUrl url;
  private List<String> followed = List.of();
  // By certificates alone, where keys could not be opened.
  private List<String> trusted = List.of();

  /** Beginning with those of {@code ca/}. */
  Succession(
      DataDirectory directory,
      AuthorityFiles files,
      Passphrases passphrases,
      Authorities authorities,
      Configuration configuration) {
    this.directory = directory;
    this.files = files;
    this.passphrases = passphrases;
    this.authorities = authorities;
    this.first = authorities.line();
    this.url = PkiKeys.url(configuration);
  }

  /** Takes what the registry holds, all of it or nothing; whether it is anything new. */
  synchronized boolean follow(Rollover rollover) {
    var marks = rollover.marks();
    if (marks.equals(followed)) {
      return false;
    }
    try (var passphrase = passphrases.existing();
        var keys = files.successorKeys(passphrase)) {
      take(AuthorityFiles.line(first, rollover.stored(), keys));
      followed = marks;
      trusted = marks;
      return true;
    } catch (AuthorityRefused e) {
      throw refused(e);
    }
  }

  /**
   * Takes what the registry holds as far as that needs no key: who is trusted, and who not any
   * more, must not wait for a passphrase or a token. Whether it is anything new.
   */
  synchronized boolean followTrust(Rollover rollover) {
    var marks = rollover.marks();
    if (marks.equals(trusted)) {
      return false;
    }
    try {
      take(AuthorityFiles.lineOfKeysInHand(first, rollover.stored(), authorities.line()));
      trusted = marks;
      return true;
    } catch (AuthorityRefused e) {
      throw refused(e);
    }
  }

  private void take(AuthorityLine line) {
    authorities.take(url == null ? line : line.publishedAt(url));
  }

  private Failure refused(AuthorityRefused e) {
    return Failure.badInput(directory.authorities() + ": " + e.getMessage());
  }

  synchronized boolean hasSuccessors() {
    return !followed.isEmpty();
  }
}
