// Reads compose.yaml as Docker Compose does, with the profiles named on the command line, and prints what it would start.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/cli"
)

func main() {
	options, err := cli.NewProjectOptions(
		[]string{os.Args[1]},
		cli.WithProfiles(os.Args[2:]),
		cli.WithName("alpespartners"),
		cli.WithOsEnv,
	)
	if err != nil {
		fail(err)
	}
	project, err := cli.ProjectFromOptions(options)
	if err != nil {
		fail(err)
	}
	text, err := json.Marshal(project.Services)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(text))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
