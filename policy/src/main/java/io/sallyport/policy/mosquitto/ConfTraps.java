package io.sallyport.policy.mosquitto;

import io.sallyport.policy.mosquitto.Finding.Severity;
import io.sallyport.policy.mosquitto.Finding.Source;
import io.sallyport.policy.mosquitto.MosquittoConf.Listener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds what in a mosquitto.conf lets somebody in, or means something else than it seems to. */
final class ConfTraps {
  private final MosquittoConf conf;
  private final List<Finding> findings = new ArrayList<>();

  ConfTraps(MosquittoConf conf) {
    this.conf = conf;
  }

  List<Finding> findings() {
    lookAtOrder();
    conf.listeners().forEach(this::look);
    lookAtWhole();
    findings.sort(Comparator.comparing(Finding::severity).thenComparingInt(Finding::line));
    return findings;
  }

  private void lookAtOrder() {
    boolean late = false;
    for (var option : conf.options()) {
      if (MosquittoConf.SECURITY.contains(option.key())) {
        late = true;
      } else if (option.key().equals("per_listener_settings") && late) {
        error(
            option.line(),
            "per-listener-too-late",
            "per_listener_settings stands behind a security option: Mosquitto does not start",
            "make it the first line");
      }
    }
    if (!conf.perListener() && conf.listeners().size() > 1) {
      var last = conf.last("allow_anonymous");
      if (last != null) {
        warning(
            last.line(),
            "one-for-all-listeners",
            "without per_listener_settings the last allow_anonymous, acl_file and password_file"
                + " are for every listener",
            "set per_listener_settings in the first line");
      }
    }
  }

  private void look(Listener listener) {
    boolean anonymous = conf.allowsAnonymous(listener);
    boolean passwords =
        conf.hasSecurity(listener, "password_file") || conf.hasSecurity(listener, "psk_file");
    if (anonymous && conf.hasSecurity(listener, "acl_file")) {
      lookAtAnonymous(listener, passwords);
    }
    if (listener.provesIdentity()
        && !listener.isTrue("require_certificate")
        && !listener.has("psk_hint")) {
      error(
          listener.line(),
          "identity-without-certificate",
          "use_identity_as_username without require_certificate: nobody is asked for one, and"
              + " nobody gets in",
          "set require_certificate true");
    }
    if (listener.isTrue("use_subject_as_username")) {
      error(
          listener.line(),
          "whole-subject-as-name",
          "user names are whole subjects (CN=dev-a,O=Fleet); here an id is the common name",
          "rename the users in a copy of the ACL file, and import that");
    }
    if (!listener.provesIdentity()) {
      warning(
          listener.line(),
          "identity-not-from-certificate",
          "listener '" + listener.name() + "' takes user names that no certificate proves",
          "enrol each user under its name: here the certificate says who it is");
    }
    if (listener.usesTls()) {
      lookAtTls(listener);
    }
  }

  private void lookAtAnonymous(Listener listener, boolean passwords) {
    if (!passwords && !listener.provesIdentity() && !hasPlugin(listener)) {
      error(
          listener.line(),
          "anybody-is-anybody",
          "allow_anonymous with an acl_file and no password_file: a client becomes whomever it"
              + " says it is",
          "set allow_anonymous false, and use_identity_as_username or a password_file");
    }
  }

  private boolean hasPlugin(Listener listener) {
    return conf.hasSecurity(listener, "plugin") || conf.hasSecurity(listener, "auth_plugin");
  }

  private void lookAtTls(Listener listener) {
    if (listener.isTrue("require_certificate") && !listener.has("crlfile")) {
      warning(
          listener.line(),
          "no-revocation",
          "listener '" + listener.name() + "' has no crlfile: a revoked certificate is accepted",
          "set crlfile, and renew it before its next update, or everybody is refused");
    }
    if (!listener.has("tls_version")) {
      warning(
          listener.line(),
          "tls-version-unset",
          "without tls_version Mosquitto 2.0.11 accepts TLS 1.1, whatever its manual says",
          "set tls_version tlsv1.2 or tlsv1.3; here nothing below 1.2 is spoken");
    }
  }

  private void lookAtWhole() {
    if (!conf.has("acl_file")) {
      warning(0, "no-acl-file", "it names no acl_file: everybody may do everything", "name it");
    }
    if (!conf.has("check_retain_source")) {
      warning(
          0,
          "retained-of-revoked",
          "without check_retain_source 2.0.11 delivers what somebody retained who may not any more",
          "set check_retain_source true; here a revocation removes what was retained");
    }
    warnOf("port", "binds-everywhere", "'port' listens on every address", "use 'listener'");
    warnOf(
        "connection", "bridge", "a bridge is under no ACL", "give the other side a principal here");
    warnOf(
        "plugin", "plugin-decides", "a plugin may decide otherwise than the ACL file", "check it");
    warnOf(
        "auth_plugin",
        "plugin-decides",
        "a plugin may decide otherwise than the ACL file",
        "check it");
    warnOf(
        "include_dir",
        "not-followed",
        "the files of include_dir are not looked at here",
        "append them to a copy, and check that");
    findings.add(
        new Finding(
            Severity.INFO,
            Source.CONF,
            0,
            "reload-fails-open",
            "a SIGHUP with an acl_file that cannot be read or parsed switches all access control"
                + " off",
            "check the file with this command, and that the broker's user may read it, first"));
  }

  private void warnOf(String key, String code, String message, String advice) {
    var option = conf.last(key);
    if (option != null) {
      warning(option.line(), code, message, advice);
    }
  }

  private void error(int line, String code, String message, String advice) {
    findings.add(new Finding(Severity.ERROR, Source.CONF, line, code, message, advice));
  }

  private void warning(int line, String code, String message, String advice) {
    findings.add(new Finding(Severity.WARNING, Source.CONF, line, code, message, advice));
  }
}
