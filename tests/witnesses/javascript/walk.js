// Microsoft's own libraries for JavaScript, from the first look-up to the last deletion.
import { ClientSecretCredential } from "@azure/identity";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const env = process.env;
const credential = new ClientSecretCredential(env.AZURE_TENANT_ID, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET, {
  authorityHost: env.AZURE_AUTHORITY_HOST,
  disableInstanceDiscovery: true,
});
const scopes = ["https://graph.microsoft.com/.default"];
const graph = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }),
  baseUrl: `${env.ELIUM_EMULATOR_URL}/`,
  customHosts: new Set([new URL(env.ELIUM_EMULATOR_URL).hostname]),
});

const [template] = (await graph.api("/applicationTemplates").filter("displayName eq 'Elium'").get()).value;
const pair = await graph.api(`/applicationTemplates/${template.id}/instantiate`).post({ displayName: "Elium (JavaScript)" });
const principal = pair.servicePrincipal;
const at = `/servicePrincipals/${principal.id}`;
const [group] = (await graph.api("/groups").filter("displayName eq 'Elium users'").get()).value;
await graph
  .api(`${at}/appRoleAssignedTo`)
  .post({ principalId: group.id, resourceId: principal.id, appRoleId: principal.appRoles[0].id });
const job = (await graph.api(`${at}/synchronization/jobs`).post({ templateId: "elium" })).id;
const one = `${at}/synchronization/jobs/${job}`;
const connection = { BaseAddress: `${env.ELIUM_TENANT_URL}/scim/v2`, SecretToken: env.ELIUM_SECRET_TOKEN };
const value = Object.entries(connection).map(([key, value]) => ({ key, value }));
await graph.api(`${one}/validateCredentials`).post({ templateId: "elium", credentials: value });
await graph.api(`${at}/synchronization/secrets`).put({ value });
await graph.api(`${one}/schema`).put(await graph.api(`${one}/schema`).get());
await graph.api(`${one}/start`).post();
while (!(await graph.api(one).get()).status.lastSuccessfulExecution) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
const log = await graph.api("/auditLogs/provisioning").filter(`jobId eq '${job}' and provisioningAction eq 'create'`).get();
await graph.api(one).delete();
await graph.api(`/applications/${pair.application.id}`).delete();
console.log(`${log.value.length} objects were created`);
