package internal_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// tree is a module as the rules see it. Paths are relative to its root, with slashes.
type tree struct {
	files      fs.FS
	module     string
	goFiles    []goFile
	sizes      []size   // every file with a budget
	paths      []string // every file and directory that has a name to judge
	unreadable []string
}

// goFile is one Go source file, test files included.
type goFile struct {
	path    string
	pkg     string // its directory, which is how the tables name a package
	test    bool
	imports []imported
	syntax  *ast.File
}

type imported struct {
	path, name string // name is what the file calls it
	line       int
}

type size struct {
	path  string
	lines int
}

// notOurs are directories whose contents are written by tools or are samples for tests.
var notOurs = []string{".git", "node_modules", "vendor", "testdata", "dist", "tmp"}

// budgeted are the kinds of file that people read from top to bottom.
var budgeted = []string{".go", ".html", ".css", ".ts"}

var moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)

// readTree reads everything that the rules look at.
func readTree(files fs.FS) (*tree, error) {
	gomod, err := fs.ReadFile(files, "go.mod")
	if err != nil {
		return nil, err
	}
	named := moduleLine.FindSubmatch(gomod)
	if named == nil {
		return nil, errors.New("go.mod names no module")
	}
	tr := &tree{files: files, module: string(named[1])}
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if entry.IsDir() && slices.Contains(notOurs, entry.Name()) {
			return fs.SkipDir
		}
		return tr.add(name, entry)
	})
	return tr, err
}

func (tr *tree) add(rel string, entry fs.DirEntry) error {
	if entry.IsDir() {
		tr.paths = append(tr.paths, rel)
		return nil
	}
	if !slices.Contains(budgeted, path.Ext(rel)) || !entry.Type().IsRegular() {
		return nil
	}
	text, err := fs.ReadFile(tr.files, rel)
	if err != nil {
		return err
	}
	lines := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		lines++
	}
	tr.paths = append(tr.paths, rel)
	tr.sizes = append(tr.sizes, size{rel, lines})
	if path.Ext(rel) == ".go" {
		tr.addGo(rel, text)
	}
	return nil
}

func (tr *tree) addGo(rel string, text []byte) {
	syntax, err := parse(rel, string(text))
	if err != nil {
		tr.unreadable = append(tr.unreadable, "syntax: "+err.Error())
		return
	}
	f := goFile{path: rel, pkg: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"), syntax: syntax}
	for _, spec := range syntax.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it
		}
		name := packageName(full)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.imports = append(f.imports, imported{full, name, line(spec.Pos())})
	}
	tr.goFiles = append(tr.goFiles, f)
}

// positions and parsed are shared by all trees: the plants are tried in copies of the house that differ in one file.
var (
	positions = token.NewFileSet()
	parsed    sync.Map // of source to *ast.File
)

type source struct{ path, text string }

func parse(rel, text string) (*ast.File, error) {
	if syntax, known := parsed.Load(source{rel, text}); known {
		return syntax.(*ast.File), nil
	}
	syntax, err := parser.ParseFile(positions, rel, text, parser.SkipObjectResolution)
	if err == nil {
		parsed.Store(source{rel, text}, syntax)
	}
	return syntax, err
}

func line(pos token.Pos) int { return positions.Position(pos).Line }

var majorVersion = regexp.MustCompile(`^v[0-9]+$`)

// packageName guesses what an import without a name of its own is called, which holds for the packages that we ask
// about.
func packageName(full string) string {
	if majorVersion.MatchString(path.Base(full)) {
		full = path.Dir(full)
	}
	return path.Base(full)
}

// ours strips the module's name from an import of one of our own packages.
func (tr *tree) ours(full string) (pkg string, ok bool) {
	if full == tr.module {
		return ".", true
	}
	return strings.CutPrefix(full, tr.module+"/")
}

// standard tells an import of the standard library by its first element, which has no dot.
func (tr *tree) standard(full string) bool {
	first, _, _ := strings.Cut(full, "/")
	return !strings.Contains(first, ".")
}

// checkLengths holds files and functions to their budgets.
func checkLengths(tr *tree) []string {
	var found []string
	for _, f := range tr.sizes {
		if f.lines > maxFile {
			found = append(found, fmt.Sprintf("%s: %d lines; a file has at most %d", f.path, f.lines, maxFile))
		}
	}
	for _, f := range tr.goFiles {
		budget := maxFunc
		if f.test {
			budget = maxTest
		}
		for _, decl := range f.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := line(fn.End()) - line(fn.Type.Func) + 1 // the doc comment is not part of it
			if lines > budget {
				found = append(found, fmt.Sprintf("%s:%d: %s has %d lines; here a function has at most %d", f.path, line(fn.Type.Func), fn.Name.Name, lines, budget))
			}
		}
	}
	return found
}

// checkHandlers holds what answers HTTP to its own budget, closures included.
func checkHandlers(tr *tree) []string {
	var found []string
	for _, f := range tr.goFiles {
		if f.pkg != "internal/server" || f.test {
			continue
		}
		ast.Inspect(f.syntax, func(node ast.Node) bool {
			name, fn := "a closure", (*ast.FuncType)(nil)
			switch node := node.(type) {
			case *ast.FuncDecl:
				name, fn = node.Name.Name, node.Type
			case *ast.FuncLit:
				fn = node.Type
			default:
				return true
			}
			lines := line(node.End()) - line(fn.Func) + 1
			if f.isHandler(fn) && lines > maxHandler {
				found = append(found, fmt.Sprintf("%s:%d: %s handles HTTP in %d lines; a handler has at most %d: decode, call app, encode",
					f.path, line(fn.Func), name, lines, maxHandler))
			}
			return true
		})
	}
	return found
}

// isHandler knows Echo's handlers by their context and Huma's by their whole signature.
func (f goFile) isHandler(fn *ast.FuncType) bool {
	params, results := typesOf(fn.Params), typesOf(fn.Results)
	for _, p := range params {
		if f.is(p, "github.com/labstack/echo/", "Context") {
			return true
		}
	}
	return len(params) == 2 && f.is(params[0], "context", "Context") && isPointer(params[1]) &&
		len(results) == 2 && isPointer(results[0]) && isError(results[1])
}

// typesOf lists the type of each parameter: one field may declare several.
func typesOf(fields *ast.FieldList) []ast.Expr {
	var list []ast.Expr
	if fields == nil {
		return nil
	}
	for _, field := range fields.List {
		for range max(1, len(field.Names)) {
			list = append(list, field.Type)
		}
	}
	return list
}

// is tells whether an expression names a type of a package, whatever the file calls that package.
func (f goFile) is(expr ast.Expr, importPath, name string) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != name {
		return false
	}
	pkg, ok := selector.X.(*ast.Ident)
	return ok && slices.ContainsFunc(f.imports, func(i imported) bool {
		return i.name == pkg.Name && (i.path == importPath || strings.HasSuffix(importPath, "/") && strings.HasPrefix(i.path, importPath))
	})
}

func isPointer(expr ast.Expr) bool { _, ok := expr.(*ast.StarExpr); return ok }

func isError(expr ast.Expr) bool {
	name, ok := expr.(*ast.Ident)
	return ok && name.Name == "error"
}

// checkNames refuses directories, files and packages whose name says nothing.
func checkNames(tr *tree) []string {
	var found []string
	for _, p := range tr.paths {
		if says := nothing(strings.TrimSuffix(path.Base(p), path.Ext(p))); says != "" {
			found = append(found, fmt.Sprintf("%s: the name %s says nothing; name it after what it holds", p, says))
		}
	}
	for _, f := range tr.goFiles {
		if says := nothing(f.syntax.Name.Name); says != "" {
			found = append(found, fmt.Sprintf("%s: the package name %s says nothing; name it after what it holds", f.path, says))
		}
	}
	return found
}

// nothing answers with the forbidden name that a name is, or with nothing.
func nothing(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "_test"))
	if slices.Contains(noName, name) {
		return name
	}
	return ""
}

const architecture = "docs/architecture.md"

var (
	fencedBlock = regexp.MustCompile("(?ms)^```.*?^```[ \t]*$")
	codeSpan    = regexp.MustCompile("`([^`\n]+)`")
)

// checkDocs refuses a path in docs/architecture.md that is not there: a plan of a house that is not this one is worse
// than none.
func checkDocs(tr *tree) []string {
	text, err := fs.ReadFile(tr.files, architecture)
	if err != nil {
		return []string{architecture + " cannot be read"}
	}
	var found []string
	for _, match := range codeSpan.FindAllStringSubmatch(fencedBlock.ReplaceAllString(string(text), ""), -1) {
		if span := match[1]; isPath(span) && !exists(tr.files, span) {
			found = append(found, fmt.Sprintf("%s: names %s, which does not exist", architecture, span))
		}
	}
	return found
}

// isPath tells a path from the other things in backticks that have a slash: a URL's path begins with one, a request
// line and a command have a space, and the first element of a third party's import path is a domain name.
func isPath(span string) bool {
	if strings.ContainsAny(span, " \t") || strings.HasPrefix(span, "/") || strings.Contains(span, "://") {
		return false
	}
	first, _, slash := strings.Cut(span, "/")
	if slash {
		return strings.LastIndex(first, ".") <= 0
	}
	return slices.Contains([]string{".go", ".md", ".sql"}, path.Ext(span))
}
