package io.sallyport.control;

import io.sallyport.control.commands.CommandSettings;
import io.sallyport.control.jobs.JobLimits;
import io.sallyport.control.provisioning.ProvisioningSettings;
import io.sallyport.control.publication.PublicationSettings;
import io.sallyport.control.rotation.RotationSettings;
import io.sallyport.control.shadow.ShadowSettings;
import io.sallyport.identity.PrincipalId;
import io.sallyport.identity.keys.CompromisedKeys;
import java.time.Duration;

/**
 * What an operator of Sallyport may set about control.
 *
 * @param httpsHost the address that the REST API listens on
 * @param httpsPort its port; 0 takes a free one
 * @param certificateLifetime of devices' and backends' certificates unless an enrolment says less
 *     or more
 * @param operatorLifetime of operators' certificates
 * @param attestationMaxAge how long evidence of what a device runs counts
 * @param version the product's version, as told to operators
 * @param publication of revocations
 * @param compromisedKeys keys that nobody gets a certificate for
 * @param provisioning of devices that come with a claim over MQTT
 * @param shadows how much they may hold
 * @param jobs their bounds
 * @param commands that devices are sent
 * @param rotation of devices' certificates
 */
public record ControlConfiguration(
    String httpsHost,
    int httpsPort,
    Duration certificateLifetime,
    Duration operatorLifetime,
    Duration attestationMaxAge,
    String version,
    PublicationSettings publication,
    CompromisedKeys compromisedKeys,
    ProvisioningSettings provisioning,
    ShadowSettings shadows,
    JobLimits jobs,
    CommandSettings commands,
    RotationSettings rotation) {

  /** The name of the operator who is made at the first start. */
  public static final PrincipalId FIRST_OPERATOR = new PrincipalId("admin");

  /** With the defaults of publication, and without a list of compromised keys. */
  public ControlConfiguration(
      String httpsHost,
      int httpsPort,
      Duration certificateLifetime,
      Duration operatorLifetime,
      Duration attestationMaxAge,
      String version) {
    this(
        httpsHost,
        httpsPort,
        certificateLifetime,
        operatorLifetime,
        attestationMaxAge,
        version,
        PublicationSettings.DEFAULTS,
        CompromisedKeys.NONE,
        ProvisioningSettings.DEFAULTS,
        ShadowSettings.DEFAULTS,
        JobLimits.DEFAULTS,
        CommandSettings.DEFAULTS,
        RotationSettings.DEFAULTS);
  }

  /** The defaults: every address, port 8443, a year for every certificate, a week for evidence. */
  public static ControlConfiguration defaults(String version) {
    return new ControlConfiguration(
        "0.0.0.0", 8443, Duration.ofDays(365), Duration.ofDays(365), Duration.ofDays(7), version);
  }

  /** The same with other settings of provisioning. */
  public ControlConfiguration with(ProvisioningSettings other) {
    return new ControlConfiguration(
        httpsHost,
        httpsPort,
        certificateLifetime,
        operatorLifetime,
        attestationMaxAge,
        version,
        publication,
        compromisedKeys,
        other,
        shadows,
        jobs,
        commands,
        rotation);
  }
}
