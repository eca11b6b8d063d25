// The Graph SDK for Java and azure-identity walk the whole job.

import com.azure.identity.ClientSecretCredentialBuilder;
import com.microsoft.graph.applicationtemplates.item.instantiate.InstantiatePostRequestBody;
import com.microsoft.graph.models.AppRoleAssignment;
import com.microsoft.graph.models.SynchronizationJob;
import com.microsoft.graph.models.SynchronizationSecret;
import com.microsoft.graph.models.SynchronizationSecretKeyStringValuePair;
import com.microsoft.graph.serviceclient.GraphServiceClient;
import com.microsoft.graph.serviceprincipals.item.synchronization.jobs.item.SynchronizationJobItemRequestBuilder;
import com.microsoft.graph.serviceprincipals.item.synchronization.jobs.validatecredentials.ValidateCredentialsPostRequestBody;
import com.microsoft.graph.serviceprincipals.item.synchronization.secrets.SecretsPutRequestBody;
import com.microsoft.kiota.HttpMethod;
import com.microsoft.kiota.authentication.AzureIdentityAuthenticationProvider;
import com.microsoft.kiota.serialization.JsonSerializationWriterFactory;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

class Walk {
  static final Map<String, String> ENV = System.getenv();
  static final Duration PATIENCE = Duration.ofSeconds(60);

  // Where Graph is; nowhere in particular when Microsoft's host names lead to the emulator.
  static final String ADDRESS = ENV.get("ELIUM_EMULATOR_URL");

  // The authority is read from the environment by azure-identity; whom to trust is Java's own affair.
  static GraphServiceClient signedIn() {
    var credential = new ClientSecretCredentialBuilder()
        .tenantId(ENV.get("AZURE_TENANT_ID"))
        .clientId(ENV.get("AZURE_CLIENT_ID"))
        .clientSecret(ENV.get("AZURE_CLIENT_SECRET"));
    if (ADDRESS == null) {
      return new GraphServiceClient(credential.build());
    }
    credential.disableInstanceDiscovery();
    var hosts = new String[] {URI.create(ADDRESS).getHost()};
    var graph = new GraphServiceClient(
        new AzureIdentityAuthenticationProvider(credential.build(), hosts, "https://graph.microsoft.com/.default"));
    graph.getRequestAdapter().setBaseUrl(ADDRESS + "/v1.0");
    return graph;
  }

  static String walk(GraphServiceClient graph) throws IOException {
    var template = graph.applicationTemplates()
        .get(asked -> asked.queryParameters.filter = "displayName eq 'Elium'").getValue().get(0);
    var name = new InstantiatePostRequestBody();
    name.setDisplayName("Elium (Java)");
    var pair = graph.applicationTemplates().byApplicationTemplateId(template.getId()).instantiate().post(name);
    var principal = pair.getServicePrincipal();
    var one = graph.servicePrincipals().byServicePrincipalId(principal.getId());

    var group = graph.groups()
        .get(asked -> asked.queryParameters.filter = "displayName eq 'Elium users'").getValue().get(0);
    var assignment = new AppRoleAssignment();
    assignment.setPrincipalId(UUID.fromString(group.getId()));
    assignment.setResourceId(UUID.fromString(principal.getId()));
    assignment.setAppRoleId(principal.getAppRoles().get(0).getId());
    one.appRoleAssignedTo().post(assignment);

    var wanted = new SynchronizationJob();
    wanted.setTemplateId("elium");
    var made = one.synchronization().jobs().post(wanted);
    var job = one.synchronization().jobs().bySynchronizationJobId(made.getId());
    var tried = new ValidateCredentialsPostRequestBody();
    tried.setTemplateId("elium");
    tried.setCredentials(secrets());
    one.synchronization().jobs().validateCredentials().post(tried);
    var saved = new SecretsPutRequestBody();
    saved.setValue(secrets());
    one.synchronization().secrets().put(saved);
    withoutGroups(graph, job);
    job.start().post();
    hasRun(job);

    var log = graph.auditLogs().provisioning().get(asked -> asked.queryParameters.filter =
        "jobId eq '" + made.getId() + "' and provisioningAction eq 'create'");
    job.delete();
    graph.applications().byApplicationId(pair.getApplication().getId()).delete();
    var created = log.getValue().stream().map(entry -> entry.getSourceIdentity().getDisplayName());
    return String.format(
        "{\"application\": \"%s\", \"servicePrincipal\": \"%s\", \"job\": \"%s\", \"created\": [\"%s\"]}",
        pair.getApplication().getId(), principal.getId(), made.getId(), created.collect(Collectors.joining("\", \"")));
  }

  // What Elium's security page shows.
  static List<SynchronizationSecretKeyStringValuePair> secrets() {
    return List.of(
        secret(SynchronizationSecret.BaseAddress, ENV.get("ELIUM_TENANT_URL") + "/scim/v2"),
        secret(SynchronizationSecret.SecretToken, ENV.get("ELIUM_SECRET_TOKEN")));
  }

  static SynchronizationSecretKeyStringValuePair secret(SynchronizationSecret key, String value) {
    var pair = new SynchronizationSecretKeyStringValuePair();
    pair.setKey(key);
    pair.setValue(value);
    return pair;
  }

  // Saves the schema with the mapping of groups switched off. The builders have PATCH, which Graph refuses, not PUT;
  // and the client's own writer leaves out what was not changed, where Graph wants all of it.
  static void withoutGroups(GraphServiceClient graph, SynchronizationJobItemRequestBuilder job) throws IOException {
    var schema = job.schema().get();
    schema.getSynchronizationRules().get(0).getObjectMappings().get(0).setEnabled(false);
    var request = job.schema().toPatchRequestInformation(schema);
    request.httpMethod = HttpMethod.PUT;
    try (var writer = new JsonSerializationWriterFactory().getSerializationWriter("application/json")) {
      writer.writeObjectValue(null, schema);
      request.setStreamContent(writer.getSerializedContent(), "application/json");
    }
    graph.getRequestAdapter().sendPrimitive(request, null, Void.class);
  }

  static void hasRun(SynchronizationJobItemRequestBuilder job) {
    var until = Instant.now().plus(PATIENCE);
    while (job.get().getStatus().getLastSuccessfulExecution() == null) {
      if (Instant.now().isAfter(until)) {
        throw new IllegalStateException("No cycle of the job had succeeded after " + PATIENCE.toSeconds() + " seconds.");
      }
    }
  }

  public static void main(String[] arguments) throws IOException {
    System.out.println(walk(signedIn()));
    System.exit(0); // Its connections would keep the program alive for a while.
  }
}
