# The Azure CLI walks the whole job: az login as a service principal, az ad, and az rest for what az ad does not have.
set -eu
export AZURE_CONFIG_DIR="$PWD/configuration" AZURE_CORE_COLLECT_TELEMETRY=no AZURE_CORE_ONLY_SHOW_ERRORS=yes
export AZURE_CORE_OUTPUT=tsv
rm -rf "$AZURE_CONFIG_DIR"

# Where Graph is; nowhere in particular when Microsoft's host names lead to the emulator.
address=${ELIUM_EMULATOR_URL:-}
graph="${address:-https://graph.microsoft.com}/v1.0"
if [ -n "$address" ]; then
    export AZURE_CORE_INSTANCE_DISCOVERY=false
    export ARM_CLOUD_METADATA_URL="$address/metadata/endpoints?api-version=2019-05-01"
    az cloud set --name EmulatedCloud
fi

ask() {
    method=$1 path=$2
    shift 2
    az rest --method "$method" --url "$graph$path" --resource https://graph.microsoft.com "$@"
}

az login --service-principal --allow-no-subscriptions --tenant "$AZURE_TENANT_ID" --username "$AZURE_CLIENT_ID" \
    --password "$AZURE_CLIENT_SECRET" --output none
template=$(ask get "/applicationTemplates?\$filter=displayName eq 'Elium'" --query 'value[0].id')
app=$(ask post "/applicationTemplates/$template/instantiate" --body '{"displayName":"Elium (az)"}' \
    --query application.appId)
application=$(az ad app show --id "$app" --query id)
principal=$(az ad sp show --id "$app" --query id)
role=$(az ad sp show --id "$app" --query 'appRoles[0].id')
group=$(az ad group show --group "Elium users" --query id)
ask post "/servicePrincipals/$principal/appRoleAssignedTo" --output none \
    --body "{\"principalId\":\"$group\",\"resourceId\":\"$principal\",\"appRoleId\":\"$role\"}"

jobs="/servicePrincipals/$principal/synchronization/jobs"
secrets="[{\"key\":\"BaseAddress\",\"value\":\"$ELIUM_TENANT_URL/scim/v2\"},
    {\"key\":\"SecretToken\",\"value\":\"$ELIUM_SECRET_TOKEN\"}]"
job=$(ask post "$jobs" --body '{"templateId":"elium"}' --query id)
ask post "$jobs/validateCredentials" --body "{\"templateId\":\"elium\",\"credentials\":$secrets}"
ask put "/servicePrincipals/$principal/synchronization/secrets" --body "{\"value\":$secrets}"
ask get "$jobs/$job/schema" --output json >schema.json
python3 - <<'PYTHON'
import json, pathlib

file = pathlib.Path("schema.json")
schema = json.loads(file.read_text())
schema["synchronizationRules"][0]["objectMappings"][0]["enabled"] = False
file.write_text(json.dumps(schema))
PYTHON
ask put "$jobs/$job/schema" --body @schema.json
ask post "$jobs/$job/start"
until=$(($(date +%s) + 60))
while [ -z "$(ask get "$jobs/$job" --query status.lastSuccessfulExecution.activityIdentifier)" ]; do
    if [ "$(date +%s)" -gt "$until" ]; then
        echo "No cycle of the job had succeeded after 60 seconds." >&2
        exit 1
    fi
done
created=$(ask get "/auditLogs/provisioning?\$filter=jobId eq '$job' and provisioningAction eq 'create'" \
    --query 'value[].sourceIdentity.displayName' --output json | tr -d '\n')
ask delete "$jobs/$job"
az ad app delete --id "$app"
echo "{\"application\": \"$application\", \"servicePrincipal\": \"$principal\", \"job\": \"$job\", \"created\": $created}"
