// The Graph SDK for Go and azidentity walk the whole job.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/google/uuid"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	graphsdk "github.com/microsoftgraph/msgraph-sdk-go"
	"github.com/microsoftgraph/msgraph-sdk-go/applicationtemplates"
	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/models/odataerrors"
	"github.com/microsoftgraph/msgraph-sdk-go/serviceprincipals"
)

const patience = 60 * time.Second

// Where Graph is; nowhere in particular when Microsoft's host names lead to the emulator.
var address = os.Getenv("ELIUM_EMULATOR_URL")

type jobBuilder = *serviceprincipals.ItemSynchronizationJobsSynchronizationJobItemRequestBuilder

// The authority and whom to trust are read from the environment by azidentity and by Go.
func signedIn() *graphsdk.GraphServiceClient {
	credential := must(azidentity.NewClientSecretCredential(
		os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID"), os.Getenv("AZURE_CLIENT_SECRET"),
		&azidentity.ClientSecretCredentialOptions{DisableInstanceDiscovery: address != ""}))
	if address == "" {
		return must(graphsdk.NewGraphServiceClientWithCredentials(credential, nil))
	}
	host := must(url.Parse(address)).Hostname()
	graph := must(graphsdk.NewGraphServiceClientWithCredentialsAndHosts(credential, nil, []string{host}))
	graph.GetAdapter().SetBaseUrl(address + "/v1.0")
	return graph
}

func walk(ctx context.Context, graph *graphsdk.GraphServiceClient) map[string]any {
	elium := applicationtemplates.ApplicationTemplatesRequestBuilderGetQueryParameters{Filter: to("displayName eq 'Elium'")}
	template := must(graph.ApplicationTemplates().Get(ctx,
		&applicationtemplates.ApplicationTemplatesRequestBuilderGetRequestConfiguration{QueryParameters: &elium})).GetValue()[0]
	name := applicationtemplates.NewItemInstantiatePostRequestBody()
	name.SetDisplayName(to("Elium (Go)"))
	pair := must(graph.ApplicationTemplates().ByApplicationTemplateId(*template.GetId()).Instantiate().Post(ctx, name, nil))
	principal := pair.GetServicePrincipal()
	one := graph.ServicePrincipals().ByServicePrincipalId(*principal.GetId())

	users := groups.GroupsRequestBuilderGetQueryParameters{Filter: to("displayName eq 'Elium users'")}
	group := must(graph.Groups().Get(ctx, &groups.GroupsRequestBuilderGetRequestConfiguration{QueryParameters: &users})).GetValue()[0]
	assignment := models.NewAppRoleAssignment()
	assignment.SetPrincipalId(to(uuid.MustParse(*group.GetId())))
	assignment.SetResourceId(to(uuid.MustParse(*principal.GetId())))
	assignment.SetAppRoleId(principal.GetAppRoles()[0].GetId())
	must(one.AppRoleAssignedTo().Post(ctx, assignment, nil))

	wanted := models.NewSynchronizationJob()
	wanted.SetTemplateId(to("elium"))
	made := must(one.Synchronization().Jobs().Post(ctx, wanted, nil))
	job := one.Synchronization().Jobs().BySynchronizationJobId(*made.GetId())
	tried := serviceprincipals.NewItemSynchronizationJobsValidateCredentialsPostRequestBody()
	tried.SetTemplateId(to("elium"))
	tried.SetCredentials(secrets())
	check(one.Synchronization().Jobs().ValidateCredentials().Post(ctx, tried, nil))
	saved := serviceprincipals.NewItemSynchronizationSecretsPutRequestBody()
	saved.SetValue(secrets())
	must(one.Synchronization().Secrets().PutAsSecretsPutResponse(ctx, saved, nil))
	withoutGroups(ctx, graph, job)
	check(job.Start().Post(ctx, nil))
	hasRun(ctx, job)

	creations := auditlogs.ProvisioningRequestBuilderGetQueryParameters{
		Filter: to("jobId eq '" + *made.GetId() + "' and provisioningAction eq 'create'")}
	entries := must(graph.AuditLogs().Provisioning().Get(ctx,
		&auditlogs.ProvisioningRequestBuilderGetRequestConfiguration{QueryParameters: &creations})).GetValue()
	check(job.Delete(ctx, nil))
	check(graph.Applications().ByApplicationId(*pair.GetApplication().GetId()).Delete(ctx, nil))
	created := []string{}
	for _, entry := range entries {
		created = append(created, *entry.GetSourceIdentity().GetDisplayName())
	}
	return map[string]any{"application": pair.GetApplication().GetId(), "servicePrincipal": principal.GetId(),
		"job": made.GetId(), "created": created}
}

// What Elium's security page shows.
func secrets() []models.SynchronizationSecretKeyStringValuePairable {
	base, token := models.NewSynchronizationSecretKeyStringValuePair(), models.NewSynchronizationSecretKeyStringValuePair()
	base.SetKey(to(models.BASEADDRESS_SYNCHRONIZATIONSECRET))
	base.SetValue(to(os.Getenv("ELIUM_TENANT_URL") + "/scim/v2"))
	token.SetKey(to(models.SECRETTOKEN_SYNCHRONIZATIONSECRET))
	token.SetValue(to(os.Getenv("ELIUM_SECRET_TOKEN")))
	return []models.SynchronizationSecretKeyStringValuePairable{base, token}
}

// The schema with the mapping of groups switched off. The builders have PATCH, which Graph refuses, not PUT.
func withoutGroups(ctx context.Context, graph *graphsdk.GraphServiceClient, job jobBuilder) {
	schema := must(job.Schema().Get(ctx, nil))
	schema.GetSynchronizationRules()[0].GetObjectMappings()[0].SetEnabled(to(false))
	request := must(job.Schema().ToPatchRequestInformation(ctx, schema, nil))
	request.Method = abstractions.PUT
	writer := must(kiotajson.NewJsonSerializationWriterFactory().GetSerializationWriter("application/json"))
	check(writer.WriteObjectValue("", schema))
	request.SetStreamContentAndContentType(must(writer.GetSerializedContent()), "application/json")
	errors := abstractions.ErrorMappings{"XXX": odataerrors.CreateODataErrorFromDiscriminatorValue}
	check(graph.GetAdapter().SendNoContent(ctx, request, errors))
}

func hasRun(ctx context.Context, job jobBuilder) {
	until := time.Now().Add(patience)
	for must(job.Get(ctx, nil)).GetStatus().GetLastSuccessfulExecution() == nil {
		if time.Now().After(until) {
			log.Fatalf("No cycle of the job had succeeded after %s.", patience)
		}
	}
}

func to[T any](value T) *T { return &value }

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	var refused *odataerrors.ODataError
	if errors.As(err, &refused) && refused.GetErrorEscaped() != nil {
		log.Fatalf("%s: %s", *refused.GetErrorEscaped().GetCode(), *refused.GetErrorEscaped().GetMessage())
	} else if err != nil {
		log.Fatal(err)
	}
}

func main() {
	told := must(json.Marshal(walk(context.Background(), signedIn())))
	fmt.Println(string(told))
}
