package internal_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// dangerous are packages of the standard library that no program of ours needs, and where one does, why it may. What is not
// of the standard library has a fence, or is refused.
var dangerous = map[string]struct {
	why    string
	except map[string]string // package to reason
}{
	"math/rand":      {why: "what is random here must not be guessed: crypto/rand"},
	"math/rand/v2":   {why: "what is random here must not be guessed: crypto/rand"},
	"crypto/md5":     {why: "it is broken"},
	"crypto/sha1":    {why: "it is broken", except: map[string]string{"internal/exchange": "UUIDs of version 5 are made of it (RFC 9562, 5.5), and prove nothing"}},
	"crypto/des":     {why: "it is broken"},
	"crypto/rc4":     {why: "it is broken"},
	"text/template":  {why: "it escapes nothing: html/template"},
	"os/exec":        {why: "nothing that somebody sends becomes a command", except: map[string]string{"internal/pgtest": "it starts PostgreSQL for tests", "internal/oidctest": "it starts a provider for tests", "cmd/bench": "it starts the servers that it compares", "ops/failover": "it starts all that it drills, and is no part of the program"}},
	"unsafe":         {why: "memory is Go's to look after"},
	"plugin":         {why: "no code is loaded while the program runs"},
	"encoding/gob":   {why: "it makes whatever types the sender says"},
	"net/http/pprof": {why: "it shows the inside of the running program to whoever asks", except: map[string]string{"internal/telemetry": "it answers on the address for operators, which is private"}},
	"expvar":         {why: "it shows the inside of the running program to whoever asks"},
	"net/http/cgi":   {why: "nothing that somebody sends becomes a command"},
}

// forbiddenNames are fields and functions that switch something off which has to hold.
var forbiddenNames = map[string]string{
	"InsecureSkipVerify": "certificates are checked", "InsecureSkipSignatureCheck": "ID tokens are signed", "SkipIssuerCheck": "the issuer is checked",
	"SkipClientIDCheck": "the audience is checked", "SkipExpiryCheck": "the time is checked", "InsecureIssuerURLContext": "the issuer is checked",
	"AddInsecure" + "BypassPattern": "every request is checked", "AllowQuerySemicolons": "an address is read in one way",
}

// checkDangers finds what programs may not use. Tests may.
func checkDangers(tr *tree) []string {
	var found []string
	for _, f := range tr.goFiles {
		if f.test {
			continue
		}
		for _, imp := range f.imports {
			for name, rule := range dangerous {
				if within(imp.path, name) && !(name == "math/rand" && imp.path != name) && rule.except[f.pkg] == "" {
					found = append(found, fmt.Sprintf("%s:%d: %s may not import %s: %s", f.path, imp.line, f.pkg, imp.path, rule.why))
				}
			}
		}
		ast.Inspect(f.syntax, func(node ast.Node) bool {
			if name, ok := node.(*ast.Ident); ok && forbiddenNames[name.Name] != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s: %s", f.path, line(name.Pos()), name.Name, forbiddenNames[name.Name]))
			}
			return true
		})
		if f.pkg == "internal/store" {
			found = append(found, statementsOf(f)...)
		}
	}
	return found
}

// takesSQL are the methods of GORM whose first argument is a piece of SQL.
var takesSQL = []string{"Exec", "Raw", "Where", "Order", "Select", "Joins", "Group", "Having", "Not", "Or", "Pluck"}

// statementsOf finds SQL that is made with the verbs of package fmt: values go where the question marks are, and what is put
// together with + is of names that the program has.
func statementsOf(f goFile) []string {
	var found []string
	ast.Inspect(f.syntax, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains(takesSQL, method.Sel.Name) {
			return true
		}
		ast.Inspect(call.Args[0], func(inner ast.Node) bool {
			switch inner := inner.(type) {
			case *ast.CallExpr:
				if made, ok := inner.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(made.Sel.Name, "Sprint") {
					found = append(found, fmt.Sprintf("%s:%d: a statement is made with fmt.%s", f.path, line(inner.Pos()), made.Sel.Name))
				}
			case *ast.BasicLit:
				if text, err := strconv.Unquote(inner.Value); inner.Kind == token.STRING && err == nil && strings.Contains(text, "= '%") {
					found = append(found, fmt.Sprintf("%s:%d: a value is written into a statement", f.path, line(inner.Pos())))
				}
			}
			return true
		})
		return true
	})
	return found
}

func TestNothingDangerousIsUsed(t *testing.T) {
	tr, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range checkDangers(tr) {
		t.Error(line)
	}
	for name, rule := range dangerous {
		for pkg := range rule.except {
			if _, known := house[pkg]; !known {
				t.Errorf("%s may import %s, and is not in the house", pkg, name)
			}
		}
	}
}

// A rule that nothing can break looks like a rule that nobody breaks.
func TestWhatIsDangerousIsNoticed(t *testing.T) {
	for text, want := range map[string]string{
		code("app", imports("math/rand")):                       "internal/app may not import math/rand: ",
		code("app", imports("math/rand/v2")):                    "internal/app may not import math/rand/v2: ",
		code("app", imports("crypto/rand", "os", "math")):       "",
		code("app", imports("net/http/pprof")):                  "internal/app may not import net/http/pprof: ",
		code("exchange", imports("crypto/sha1")):                "internal/app may not import crypto/sha1: ",
		code("app", nil, "var x = c{InsecureSkipVerify: true}"): "InsecureSkipVerify: ",
	} {
		tr := &tree{module: "plenary"}
		tr.addGo("internal/app/planted.go", []byte(text))
		if found := strings.Join(checkDangers(tr), "\n"); !strings.Contains(found, want) || want == "" && found != "" {
			t.Errorf("%q finds %q, want %q", text, found, want)
		}
	}
	planted := &tree{module: "plenary"}
	planted.addGo("internal/store/planted.go", []byte(code("store", nil, `func f() { db.Where(fmt.Sprintf("x = %s", y)); db.Raw("SELECT x"); db.Exec("UPDATE x SET a = '%s'") }`)))
	if found := checkDangers(planted); len(found) != 2 {
		t.Errorf("of two statements with values in them, %q are found", found)
	}
}
