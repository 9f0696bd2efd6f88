package internal_test

import (
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHoleV31NothingRunsPrograms: LaTeX that was made of what people typed read files and ran commands (Indico CVE-2026-33046,
// 2.2.3 and 2.2.4, four releases to mend). The program starts no other, loads no code, and knows of no typesetter, shell or
// browser that could.
func TestHoleV31NothingRunsPrograms(t *testing.T) {
	tr, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	runs := []string{"os/exec", "plugin", "C", "unsafe", "text/template"}
	starts := map[string][]string{"syscall": {"Exec", "ForkExec", "StartProcess"}, "os": {"StartProcess"}}
	foreign := regexp.MustCompile(`(?i)pdflatex|xelatex|lualatex|wkhtmlto|weasyprint|puppeteer|chromedp|headless|ghostscript|imagemagick|/bin/(ba)?sh\b|cmd\.exe|powershell`)
	looked := 0
	for _, f := range tr.goFiles {
		if f.test || aside(f.pkg) {
			continue
		}
		looked++
		for _, i := range f.imports {
			if slices.Contains(runs, i.path) {
				t.Errorf("%s:%d imports %s", f.path, i.line, i.path)
			}
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if of, ok := s.X.(*ast.Ident); ok && slices.Contains(starts[of.Name], s.Sel.Name) {
					t.Errorf("%s: %s.%s", f.path, of.Name, s.Sel.Name)
				}
			}
			if s, ok := n.(*ast.BasicLit); ok && foreign.MatchString(s.Value) {
				t.Errorf("%s: %s", f.path, s.Value)
			}
			return true
		})
	}
	if looked < 200 {
		t.Errorf("only %d files were looked at", looked)
	}
}

// TestHoleV40DependenciesAreScanned: every run of .ci/run asks for the known vulnerabilities of what is called, fails on one,
// and does not pass over it in silence when it can't ask.
func TestHoleV40DependenciesAreScanned(t *testing.T) {
	script, err := os.ReadFile("../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(\w+)\(\) (?:\{ (.*) \}|\{\n((?s:.*?))\n\})$`).FindAllStringSubmatch(string(script), -1) {
		functions[m[1]] = m[2] + m[3]
	}
	for name, does := range map[string]string{"vulnerabilities": `go run "golang.org/x/vuln/cmd/govulncheck@$govulncheck_version" ./...`,
		"gosec": `go run "github.com/securego/gosec/v2/cmd/gosec@$gosec_version"`, "staticcheck": "staticcheck@", "vet": "go vet ./..."} {
		if !strings.Contains(functions[name], does) || strings.Contains(functions[name], "|| true") || !strings.Contains(string(script), "\nsection "+name+" "+name+"\n") {
			t.Errorf("%s is no section that does %s: %q", name, does, functions[name])
		}
	}
	if regexp.MustCompile(`gosec[^\n]*-(exclude|no-fail|nosec|severity|confidence)[= ]`).Match(script) {
		t.Error("findings of gosec are passed over")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	scratch := t.TempDir()
	cmd := exec.CommandContext(t.Context(), bash, "-c", "set -euo pipefail\nloud() {\n"+functions["loud"]+"\n}\nvulnerabilities() {\n"+functions["vulnerabilities"]+"\n}\nvulnerabilities")
	cmd.Env = append(os.Environ(), "scratch="+scratch, "govulncheck_version=none", "GOVULNDB=http://127.0.0.1:1", "no_proxy=*")
	out, err := cmd.CombinedOutput()
	kept, _ := os.ReadFile(filepath.Join(scratch, "unchecked"))
	if err != nil || !strings.Contains(string(out), "NOT CHECKED: known vulnerabilities") || !strings.Contains(string(kept), "NOT CHECKED: known vulnerabilities") {
		t.Errorf("when the database can't be reached: %v, %q, kept %q", err, out, kept)
	}
	if !strings.Contains(string(script), `cat "$scratch/unchecked"`) {
		t.Error("the last lines don't say what was not checked")
	}
}

// background are the goroutines of the program that need not catch a panic, with the reason.
var background = map[string]string{
	"cmd/plenary/serve.go go":                 "net/http catches what handlers panic with, and if it panics itself, nothing is served any more; the other only gives memory back",
	"cmd/plenary/serve.go AfterFunc":          "it only gives memory back",
	"cmd/plenary/ops.go go":                   "net/http catches what handlers panic with; if it panics itself, the program has a fault that must be seen",
	"cmd/plenary/main.go AfterFunc":           "it only lets a second signal end the program",
	"internal/mail/send.go AfterFunc":         "it only closes a connection",
	"internal/jobs/jobs.go AfterFunc":         "it only sets a clock, and cancels a context",
	"internal/store/transaction.go AfterFunc": "it only cancels a context",
}

// TestHoleV36EveryWorkerCatchesPanics: a panic in a goroutine ends the program unless the goroutine itself catches it
// (PocketBase 7762).
func TestHoleV36EveryWorkerCatchesPanics(t *testing.T) {
	tr, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	found, argued := 0, map[string]bool{}
	for _, f := range tr.goFiles {
		if f.test || aside(f.pkg) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			kind, does := "go", ast.Expr(nil)
			switch n := n.(type) {
			case *ast.GoStmt:
				does = n.Call.Fun
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				if !ok || s.Sel.Name != "AfterFunc" && s.Sel.Name != "Go" || len(n.Args) == 0 {
					return true
				}
				kind, does = s.Sel.Name, n.Args[len(n.Args)-1]
			default:
				return true
			}
			found++
			if at := f.path + " " + kind; background[at] != "" {
				argued[at] = true
			} else if !catches(does) {
				t.Errorf("%s: what begins with %s does not begin with catching panics", f.path, kind)
			}
			return true
		})
	}
	if found < 3 || len(argued) != len(background) {
		t.Errorf("%d goroutines were looked at, of which %v need not catch panics", found, argued)
	}
}

// catches tells whether a function begins with a deferred recover.
func catches(does ast.Expr) bool {
	f, ok := does.(*ast.FuncLit)
	if !ok || len(f.Body.List) == 0 {
		return false
	}
	first, ok := f.Body.List[0].(*ast.DeferStmt)
	if !ok {
		return false
	}
	recovers := false
	ast.Inspect(first, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == "recover" {
			recovers = true
		}
		return true
	})
	return recovers
}
