// azidentity for Go, which adds OpenID's scopes to every token request, and bodies compressed as the Graph SDK for Go
// compresses them: from the first look-up to the last deletion.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

type object = map[string]any

var token string

func ask(method, path string, body any) object {
	var packed bytes.Buffer
	if body != nil {
		text, err := json.Marshal(body)
		check(err)
		writer := gzip.NewWriter(&packed)
		_, err = writer.Write(text)
		check(err)
		check(writer.Close())
	}
	request, err := http.NewRequest(method, os.Getenv("ELIUM_EMULATOR_URL")+"/v1.0"+path, &packed)
	check(err)
	request.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Content-Encoding", "gzip")
	}
	answer, err := http.DefaultClient.Do(request)
	check(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	check(err)
	if answer.StatusCode >= 400 {
		log.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	told := object{}
	if len(text) > 0 {
		check(json.Unmarshal(text, &told))
	}
	return told
}

func first(path, filter string) object {
	return ask("GET", path+"?$filter="+url.QueryEscape(filter), nil)["value"].([]any)[0].(object)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	authority := cloud.Configuration{ActiveDirectoryAuthorityHost: os.Getenv("AZURE_AUTHORITY_HOST")}
	credential, err := azidentity.NewClientSecretCredential(
		os.Getenv("AZURE_TENANT_ID"), os.Getenv("AZURE_CLIENT_ID"), os.Getenv("AZURE_CLIENT_SECRET"),
		&azidentity.ClientSecretCredentialOptions{
			ClientOptions:            azcore.ClientOptions{Cloud: authority},
			DisableInstanceDiscovery: true,
		})
	check(err)
	scopes := policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}}
	given, err := credential.GetToken(context.Background(), scopes)
	check(err)
	token = given.Token

	template := first("/applicationTemplates", "displayName eq 'Elium'")["id"].(string)
	pair := ask("POST", "/applicationTemplates/"+template+"/instantiate", object{"displayName": "Elium (Go)"})
	principal := pair["servicePrincipal"].(object)
	at := "/servicePrincipals/" + principal["id"].(string)
	role := principal["appRoles"].([]any)[0].(object)["id"]
	group := first("/groups", "displayName eq 'Elium users'")["id"]
	ask("POST", at+"/appRoleAssignedTo", object{"principalId": group, "resourceId": principal["id"], "appRoleId": role})
	job := at + "/synchronization/jobs/" + ask("POST", at+"/synchronization/jobs", object{"templateId": "elium"})["id"].(string)
	ask("PUT", at+"/synchronization/secrets", object{"value": []object{
		{"key": "BaseAddress", "value": os.Getenv("ELIUM_TENANT_URL") + "/scim/v2"},
		{"key": "SecretToken", "value": os.Getenv("ELIUM_SECRET_TOKEN")},
	}})
	ask("PUT", job+"/schema", ask("GET", job+"/schema", nil))
	ask("POST", job+"/start", nil)
	for ask("GET", job, nil)["status"].(object)["lastSuccessfulExecution"] == nil {
		time.Sleep(50 * time.Millisecond)
	}
	made := ask("GET", "/auditLogs/provisioning?$filter="+url.QueryEscape("provisioningAction eq 'create'"), nil)
	ask("DELETE", job, nil)
	ask("DELETE", "/applications/"+pair["application"].(object)["id"].(string), nil)
	fmt.Printf("%d objects were created\n", len(made["value"].([]any)))
}
