// Write the Node and the Python SDK of a package with Pulumi's own generators:
//
//	pulumi-sdks SCHEMA FOLDER
//
// What stood in FOLDER/nodejs and FOLDER/python before is gone afterwards. The language hosts that are built here cannot
// be asked (`pulumi package gen-sdk`): they are of versions that had no generators yet.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "elium-provisioning"

// files of one SDK, by their path in it.
type files = map[string][]byte

var languages = map[string]func(*schema.Package) (files, error){
	"nodejs": func(pkg *schema.Package) (files, error) {
		return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	},
	"python": func(pkg *schema.Package) (files, error) {
		made, err := python.GeneratePackage(tool, pkg, nil, nil)
		// The project names a README beside itself, and the generator writes one in the package only.
		made["README.md"] = made[python.PyPack(pkg.Namespace, pkg.Name)+"/README.md"]
		return made, err
	},
}

func main() {
	if len(os.Args) != 3 {
		fail("say a schema, and the folder that nodejs and python are written into: pulumi-sdks SCHEMA FOLDER")
	}
	spec, folder := read(os.Args[1]), os.Args[2]
	for language, generate := range languages {
		made, err := generate(bound(spec))
		if err != nil {
			fail("%s: %v", language, err)
		}
		if err := write(filepath.Join(folder, language), made); err != nil {
			fail("%s: %v", language, err)
		}
	}
}

func read(file string) schema.PackageSpec {
	content, err := os.ReadFile(file)
	if err != nil {
		fail("%v", err)
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(content, &spec); err != nil {
		fail("%s is not the schema of a package: %v", file, err)
	}
	return spec
}

// bound gives the package that a schema describes, and ends the program where it contradicts itself. A generator changes
// what it is given, so that each gets its own. The loader knows nothing: our types refer to no other package's.
func bound(spec schema.PackageSpec) *schema.Package {
	pkg, objections, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	for _, objection := range objections {
		fmt.Fprintln(os.Stderr, objection.Summary)
	}
	if err != nil {
		fail("the schema is wrong: %v", err)
	}
	if objections.HasErrors() {
		fail("the schema is wrong")
	}
	return pkg
}

func write(folder string, made files) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, content := range made {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fail(sentence string, values ...any) {
	fmt.Fprintf(os.Stderr, sentence+"\n", values...)
	os.Exit(1)
}
