// Answers the questions of the subject `go` with golang.org/x/mod.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

func answer(question []string) string {
	version := question[1]
	switch question[0] {
	case "canonical":
		return fmt.Sprintf("%s %s", module.CanonicalVersion(version), semver.Canonical(version))
	case "parse":
		if version == "" || module.CanonicalVersion(version) != version {
			return "invalid"
		}
		return fmt.Sprintf("%s %s %v %v", semver.Major(version), semver.Prerelease(version),
			semver.Build(version) != "", module.IsPseudoVersion(version))
	case "compare":
		return fmt.Sprintf("%d", semver.Compare(version, question[2]))
	case "sort":
		list := question[1:]
		semver.Sort(list)
		return strings.Join(list, " ")
	case "pseudo":
		if version == "" || module.CanonicalVersion(version) != version {
			return "invalid"
		}
		base, baseError := module.PseudoVersionBase(version)
		time, timeError := module.PseudoVersionTime(version)
		revision, revisionError := module.PseudoVersionRev(version)
		if baseError != nil || timeError != nil || revisionError != nil {
			return "invalid"
		}
		return fmt.Sprintf("%s %s %s", base, time.Format(module.PseudoVersionTimestampFormat), revision)
	case "split":
		prefix, suffix, ok := module.SplitPathVersion(question[1])
		if !ok {
			return "invalid"
		}
		return fmt.Sprintf("%s %s", prefix, suffix)
	case "check":
		_, suffix, ok := module.SplitPathVersion(question[2])
		if !ok {
			return "invalid"
		}
		return fmt.Sprintf("%v", module.CheckPathMajor(version, suffix) == nil)
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
