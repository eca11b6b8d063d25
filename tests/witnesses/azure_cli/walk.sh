# Azure CLI: az login as a service principal, az ad, az rest; from the first look-up to the last deletion.
set -eu
export AZURE_CONFIG_DIR="$WITNESS/configuration" AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_ONLY_SHOW_ERRORS=yes
export AZURE_CORE_INSTANCE_DISCOVERY=false AZURE_CORE_OUTPUT=tsv
export ARM_CLOUD_METADATA_URL="$ELIUM_EMULATOR_URL/metadata/endpoints?api-version=2019-05-01"
graph="$ELIUM_EMULATOR_URL/v1.0"

ask() {
    method=$1 path=$2
    shift 2
    az rest --method "$method" --url "$graph$path" --resource https://graph.microsoft.com "$@"
}

az cloud set --name EmulatedCloud
az login --service-principal --allow-no-subscriptions --tenant "$ARM_TENANT_ID" --username "$ARM_CLIENT_ID" \
    --password "$ARM_CLIENT_SECRET" >"$WITNESS/login"
template=$(ask get "/applicationTemplates?\$filter=displayName eq 'Elium'" --query 'value[0].id')
principal=$(ask post "/applicationTemplates/$template/instantiate" --body '{"displayName":"Elium (az)"}' \
    --query servicePrincipal.id)
role=$(az ad sp show --id "$principal" --query 'appRoles[0].id')
group=$(az ad group show --group "Elium users" --query id)
ask post "/servicePrincipals/$principal/appRoleAssignedTo" \
    --body "{\"principalId\":\"$group\",\"resourceId\":\"$principal\",\"appRoleId\":\"$role\"}" >"$WITNESS/assigned"
at="/servicePrincipals/$principal/synchronization"
job=$(ask post "$at/jobs" --body '{"templateId":"elium"}' --query id)
ask put "$at/secrets" --body "{\"value\":[{\"key\":\"BaseAddress\",\"value\":\"$ELIUM_TENANT_URL/scim/v2\"},
    {\"key\":\"SecretToken\",\"value\":\"$ELIUM_SECRET_TOKEN\"}]}"
ask get "$at/jobs/$job/schema" --output json >"$WITNESS/schema.json"
ask put "$at/jobs/$job/schema" --body "@$WITNESS/schema.json"
ask post "$at/jobs/$job/start"
created=$(ask get "/auditLogs/provisioning?\$filter=provisioningAction eq 'create'" --query 'length(value)')
ask delete "$at/jobs/$job"
az ad app delete --id "$(az ad sp show --id "$principal" --query appId)"
echo "$created objects were created"
