// The Graph SDK for JavaScript and @azure/identity walk the whole job.
import { ClientSecretCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const env = process.env;
const patience = 60_000;

// Where Graph is; nowhere in particular when Microsoft's host names lead to the emulator.
const address = env.ELIUM_EMULATOR_URL;

// The authority is read from the environment by @azure/identity, and whom to trust by Node.
function signedIn() {
  const credential = new ClientSecretCredential(env.AZURE_TENANT_ID, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET, {
    disableInstanceDiscovery: Boolean(address),
  });
  const scopes = ["https://graph.microsoft.com/.default"];
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes });
  const elsewhere = address && { baseUrl: `${address}/`, customHosts: new Set([new URL(address).hostname]) };
  return Client.initWithMiddleware({ authProvider, ...elsewhere });
}

async function walk(graph) {
  const [template] = (await graph.api("/applicationTemplates").filter("displayName eq 'Elium'").get()).value;
  const named = { displayName: "Elium (JavaScript)" };
  const pair = await graph.api(`/applicationTemplates/${template.id}/instantiate`).post(named);
  const principal = pair.servicePrincipal;
  const at = `/servicePrincipals/${principal.id}`;
  const [group] = (await graph.api("/groups").filter("displayName eq 'Elium users'").get()).value;
  const assignment = { principalId: group.id, resourceId: principal.id, appRoleId: principal.appRoles[0].id };
  await graph.api(`${at}/appRoleAssignedTo`).post(assignment);

  const jobs = `${at}/synchronization/jobs`;
  const job = (await graph.api(jobs).post({ templateId: "elium" })).id;
  await graph.api(`${jobs}/validateCredentials`).post({ templateId: "elium", credentials: secrets() });
  await graph.api(`${at}/synchronization/secrets`).put({ value: secrets() });
  const schema = await graph.api(`${jobs}/${job}/schema`).get();
  schema.synchronizationRules[0].objectMappings[0].enabled = false; // that of groups
  await graph.api(`${jobs}/${job}/schema`).put(schema);
  await graph.api(`${jobs}/${job}/start`).post();
  await hasRun(graph.api(`${jobs}/${job}`));

  const created = `jobId eq '${job}' and provisioningAction eq 'create'`;
  const log = await graph.api("/auditLogs/provisioning").filter(created).get();
  await graph.api(`${jobs}/${job}`).delete();
  await graph.api(`/applications/${pair.application.id}`).delete();
  return {
    application: pair.application.id,
    servicePrincipal: principal.id,
    job,
    created: log.value.map((entry) => entry.sourceIdentity.displayName),
  };
}

// What Elium's security page shows.
function secrets() {
  const pairs = { BaseAddress: `${env.ELIUM_TENANT_URL}/scim/v2`, SecretToken: env.ELIUM_SECRET_TOKEN };
  return Object.entries(pairs).map(([key, value]) => ({ key, value }));
}

async function hasRun(job) {
  const until = Date.now() + patience;
  while (!(await job.get()).status.lastSuccessfulExecution) {
    if (Date.now() > until) throw new Error(`No cycle of the job had succeeded after ${patience / 1000} seconds.`);
  }
}

walk(signedIn()).then(
  (told) => console.log(JSON.stringify(told)),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
