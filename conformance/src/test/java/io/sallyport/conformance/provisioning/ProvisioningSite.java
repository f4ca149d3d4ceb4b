package io.sallyport.conformance.provisioning;

import io.sallyport.conformance.product.ProductProcess;
import io.sallyport.conformance.product.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A product that provisions over MQTT, with a template and claims, and devices' own keys. */
final class ProvisioningSite implements AutoCloseable {
  static final String TEMPLATE =
      """
      {
        "Parameters": {
          "SerialNumber": {"Type": "String", "AllowedPattern": "[A-Za-z0-9]{1,16}"},
          "Site": {"Type": "String", "Default": "hall-1"},
          "AWS::IoT::Certificate::Id": {"Type": "String"}
        },
        "Mappings": {"Sites": {"hall-1": {"url": "https://one.example"}}},
        "Resources": {
          "thing": {
            "Type": "AWS::IoT::Thing",
            "Properties": {
              "ThingName": {"Fn::Join": ["", ["lamp-", {"Ref": "SerialNumber"}]]},
              "AttributePayload": {"serial": {"Ref": "SerialNumber"}, "site": {"Ref": "Site"}},
              "ThingTypeName": "lamp"
            }
          },
          "certificate": {
            "Type": "AWS::IoT::Certificate",
            "Properties": {
              "CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "Active"}
          },
          "policy": {
            "Type": "AWS::IoT::Policy",
            "Properties": {"PolicyName": "default-device"}
          }
        },
        "DeviceConfiguration": {
          "LocationUrl": {"Fn::FindInMap": ["Sites", {"Ref": "Site"}, "url"]}
        }
      }
      """;

  final Path folder;
  final ProductProcess product;

  ProvisioningSite(Path folder, String yaml) {
    this.folder = folder;
    var file = folder.resolve("sallyport.yaml");
    write(file, "provisioning:\n  enabled: true\n" + yaml + "sources:\n  ban-after: 0\n");
    product = ProductProcess.start(folder.resolve("data"), "--config", file.toString());
    template("lamps");
  }

  void template(String name, String... options) {
    var file = folder.resolve(name + ".json");
    write(file, TEMPLATE);
    var words = new ArrayList<>(List.of("template", "put", name, file.toString()));
    words.addAll(List.of(options));
    product.cli(words.toArray(String[]::new)).expecting(0);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of a new claim. */
  Path claim(String name, String... options) {
    var out = folder.resolve("claim-" + name);
    var words =
        new ArrayList<>(
            List.of("claim", "create", name, "--batch", "b-" + name, "--out", out.toString()));
    words.addAll(List.of(options));
    product.cli(words.toArray(String[]::new)).expecting(0);
    return out;
  }

  /** A folder with a key and a request in PEM, made by openssl. */
  Path device(String id) {
    try {
      var device = Files.createTempDirectory(folder, "of-" + id);
      Program.runLine(
              device,
              "openssl ecparam -name prime256v1 -genkey -noout -out sec1.pem"
                  + " && openssl pkcs8 -topk8 -nocrypt -in sec1.pem -out device.key"
                  + " && openssl req -new -key device.key -subj /CN="
                  + id
                  + " -out device.csr")
          .expecting(0);
      return device;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path ca() {
    return folder.resolve("data/ca/root.crt");
  }

  @Override
  public void close() {
    product.close();
  }
}
