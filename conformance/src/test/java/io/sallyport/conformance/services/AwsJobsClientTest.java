package io.sallyport.conformance.services;

import static io.sallyport.conformance.services.SdkDevice.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.conformance.clients.Inbox;
import io.sallyport.conformance.product.Lab;
import io.sallyport.conformance.services.SdkDevice.Version;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.crt.iot.SubscriptionStatusEvent;
import software.amazon.awssdk.iot.V2ClientStreamOptions;
import software.amazon.awssdk.iot.iotjobs.IotJobsV2Client;
import software.amazon.awssdk.iot.iotjobs.model.DescribeJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.GetPendingJobExecutionsRequest;
import software.amazon.awssdk.iot.iotjobs.model.JobStatus;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedEvent;
import software.amazon.awssdk.iot.iotjobs.model.NextJobExecutionChangedSubscriptionRequest;
import software.amazon.awssdk.iot.iotjobs.model.StartNextPendingJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.UpdateJobExecutionRequest;
import software.amazon.awssdk.iot.iotjobs.model.V2ErrorResponseException;

/** The jobs client of the AWS IoT Device SDK for Java, over both versions of MQTT. */
@ExtendWith(Lab.Resolver.class)
class AwsJobsClientTest {
  private final Lab lab;

  AwsJobsClientTest(Lab lab) {
    this.lab = lab;
  }

  private static IotJobsV2Client jobs(SdkDevice device) {
    return device.client(IotJobsV2Client::newFromMqtt5, IotJobsV2Client::newFromMqtt311);
  }

  private static UpdateJobExecutionRequest update(SdkDevice device, String job, JobStatus status) {
    var request = new UpdateJobExecutionRequest();
    request.thingName = device.name();
    request.jobId = job;
    request.status = status;
    return request;
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void aJobIsToldBegunAndDone(Version version) throws Exception {
    var document =
        Files.writeString(
            lab.scratch().resolve("job.json"), "{\"operation\":\"clean\",\"room\":7}");
    try (var device = SdkDevice.connect(lab.device(), version);
        var client = jobs(device)) {
      var job = "clean-" + device.name();
      var next = new Inbox<NextJobExecutionChangedEvent>();
      var standing = new Inbox<SubscriptionStatusEvent>();
      var told = new NextJobExecutionChangedSubscriptionRequest();
      told.thingName = device.name();
      try (var stream =
          client.createNextJobExecutionChangedStream(
              told,
              V2ClientStreamOptions.<NextJobExecutionChangedEvent>builder()
                  .withStreamEventHandler(next)
                  .withSubscriptionEventHandler(standing)
                  .build())) {
        stream.open();
        standing.next();

        lab.product()
            .cli("job", "create", job, "--document", document.toString(), "--device", device.name())
            .expecting(0);

        var told1 = next.next();
        assertThat(told1.execution.jobId).isEqualTo(job);
        assertThat(told1.execution.jobDocument).containsEntry("operation", "clean");
        assertThat(told1.execution.status).isEqualTo(JobStatus.QUEUED);

        var pending = new GetPendingJobExecutionsRequest();
        pending.thingName = device.name();
        assertThat(await(client.getPendingJobExecutions(pending)).queuedJobs).hasSize(1);

        var start = new StartNextPendingJobExecutionRequest();
        start.thingName = device.name();
        var begun = await(client.startNextPendingJobExecution(start)).execution;
        assertThat(begun.jobId).isEqualTo(job);
        assertThat(begun.status).isEqualTo(JobStatus.IN_PROGRESS);

        var late = update(device, job, JobStatus.SUCCEEDED);
        late.expectedVersion = begun.versionNumber + 7;
        assertThatThrownBy(() -> await(client.updateJobExecution(late)))
            .hasRootCauseInstanceOf(V2ErrorResponseException.class);

        var done = update(device, job, JobStatus.SUCCEEDED);
        done.expectedVersion = begun.versionNumber;
        done.statusDetails = new HashMap<>(Map.of("litres", "3"));
        await(client.updateJobExecution(done));

        var describe = new DescribeJobExecutionRequest();
        describe.thingName = device.name();
        describe.jobId = "$next";
        assertThat(await(client.describeJobExecution(describe)).execution).isNull();
      }
      var shown = lab.product().cli("job", "executions", job, "--json").expecting(0);
      assertThat(shown.out()).contains("SUCCEEDED").contains("litres");
    }
  }
}
