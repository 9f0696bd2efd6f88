package app_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"plenary/internal/agenda"
	"plenary/internal/app"
)

// tellers are the functions that leave an Activity, and which of their arguments says what was done.
var tellers = map[string]int{"note": 3, "entry": 2, "turnAway": 2, "secure": 2, "keepMeeting": 3}

var verbForm = regexp.MustCompile(`^[a-z]+\.[a-z_]+$`)

// verbsInSource reads this package and gives every verb that an Activity of its can have, in order. One is a literal where it
// is told, or it is the variable or parameter "verb", which has literals of the same function.
func verbsInSource(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				verbs = append(verbs, verbsOf(t, set, fn)...)
			}
		}
	}
	slices.Sort(verbs)
	return slices.Compact(verbs)
}

func verbsOf(t *testing.T, set *token.FileSet, fn *ast.FuncDecl) (verbs []string) {
	t.Helper()
	variable := false
	ast.Inspect(fn, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		of, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || tellers[of.Sel.Name] == 0 || len(call.Args) <= tellers[of.Sel.Name] {
			return true
		}
		switch verb := call.Args[tellers[of.Sel.Name]].(type) {
		case *ast.BasicLit:
			s, err := strconv.Unquote(verb.Value)
			if err != nil || !verbForm.MatchString(s) {
				t.Errorf("%s: the verb %s is not noun.verb", set.Position(verb.Pos()), verb.Value)
			}
			verbs = append(verbs, s)
		case *ast.Ident:
			if variable = true; verb.Name != "verb" {
				t.Errorf("%s: the verb is in %s, where this test does not follow it", set.Position(verb.Pos()), verb.Name)
			}
		default:
			t.Errorf("%s: the verb is no literal", set.Position(call.Pos()))
		}
		return true
	})
	if !variable {
		return verbs
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && verbForm.MatchString(s) {
				verbs = append(verbs, s)
			}
		}
		return true
	})
	return verbs
}

// TestEveryVerbIsTold does everything that leaves an Activity, and compares what the log has then with what the source could
// leave: whoever adds a verb has to say here what is told of it.
func TestEveryVerbIsTold(t *testing.T) {
	want := verbsInSource(t)
	if len(want) < 60 {
		t.Fatalf("only %d verbs were found: %v", len(want), want)
	}
	inHouse(t, func(o *app.Options) { o.From, o.Answers = "agenda@forum.example", "meet@forum.example" }, func(t *testing.T, h house) {
		h.watchAccounts(t)
		h.watchMembers(t)
		h.watchPersonal(t)
		h.watchCounter(t)
		h.watchRest(t)
		h.watchDraft(t, h.forum(t))
		var got []string
		err := h.EachActivity(context.Background(), operator, "", app.ActivityFilter{}, 0, func(a agenda.Activity) error {
			got = append(got, a.Verb)
			if a.At.IsZero() || a.ActorKind == "" || a.Summary == "" || a.Outcome == "" {
				t.Errorf("this tells too little: %+v", a)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		got = slices.Compact(got)
		for _, verb := range want {
			if !slices.Contains(got, verb) {
				t.Errorf("%s is in the source and nothing tells it here", verb)
			}
		}
		for _, verb := range got {
			if !slices.Contains(want, verb) {
				t.Errorf("%s is told and was not found in the source", verb)
			}
		}
	})
}
