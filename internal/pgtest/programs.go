package pgtest

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// versioned are the places where distributions install one directory per version.
var versioned = []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"}

// findPrograms answers with the directory of initdb and postgres: the one that the developer names, else the highest
// version that the distribution installed, else the first in PATH.
func findPrograms() (string, error) {
	if given := os.Getenv(envBin); given != "" {
		return firstWithPrograms([]string{given})
	}
	var candidates []string
	for _, pattern := range versioned {
		found, _ := filepath.Glob(pattern)
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		candidates = append(candidates, found...)
	}
	return firstWithPrograms(append(candidates, filepath.SplitList(os.Getenv("PATH"))...))
}

func firstWithPrograms(dirs []string) (string, error) {
	for _, dir := range dirs {
		if filepath.IsAbs(dir) && isProgram(filepath.Join(dir, "initdb")) && isProgram(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errNoPrograms
}

func isProgram(path string) bool {
	info, err := os.Stat(path) // #nosec G703 -- the path is that of whoever runs the tests
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

// versionIn reads the number in a path such as /usr/lib/postgresql/15/bin; as text, 9.6 would come after 15.
func versionIn(path string) int {
	name := strings.TrimPrefix(filepath.Base(filepath.Dir(path)), "pgsql-")
	major, _, _ := strings.Cut(name, ".")
	n, err := strconv.Atoi(major)
	if err != nil {
		return 0
	}
	return n
}
