// Answers the questions of the subject `semver` with golang.org/x/mod/semver, whose versions start with a v.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/semver"
)

// Complete reports whether a text is a version without the shorthands v1 and v1.2.
func complete(version string) bool {
	numbers, _, _ := strings.Cut(strings.TrimSuffix(version, semver.Build(version)), "-")
	return semver.IsValid(version) && strings.Count(numbers, ".") == 2
}

func answer(question []string) string {
	version := "v" + question[1]
	switch question[0] {
	case "parse":
		if !complete(version) {
			return "invalid"
		}
		pre, build := semver.Prerelease(version), semver.Build(version)
		numbers := strings.TrimSuffix(strings.TrimSuffix(version[1:], build), pre)
		return fmt.Sprintf("%s %s %s", strings.ReplaceAll(numbers, ".", " "),
			strings.TrimPrefix(pre, "-"), strings.TrimPrefix(build, "+"))
	case "compare":
		other := "v" + question[2]
		if !complete(version) || !complete(other) {
			return "invalid"
		}
		return fmt.Sprintf("%d", semver.Compare(version, other))
	}
	return "unknown question"
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer output.Flush()
	decoder := json.NewDecoder(input)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	for {
		var question []string
		if decoder.Decode(&question) != nil {
			return
		}
		if err := encoder.Encode(answer(question)); err != nil {
			return
		}
	}
}
