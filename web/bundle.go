package web

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// Assets gives the files that browsers fetch, by name: what is static, the styles, and the scripts bundled. An entry is a file
// directly in styles or scripts; what lies in directories below is imported by them. It is made once, of what is embedded:
// nothing is read from or written to the disk, and no Node is needed.
var Assets = sync.OnceValues(func() (map[string][]byte, error) {
	assets := map[string][]byte{}
	static, err := fs.Glob(Static, "*")
	if err != nil {
		return nil, err
	}
	for _, name := range static {
		if assets[name], err = fs.ReadFile(Static, name); err != nil {
			return nil, err
		}
	}
	for _, kind := range []struct {
		sources   fs.FS
		from, to  string
		resolving string
	}{{Styles, ".css", ".css", "styles"}, {Scripts, ".ts", ".js", "scripts"}} {
		names, err := fs.Glob(kind.sources, "*"+kind.from)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			made := strings.TrimSuffix(name, kind.from) + kind.to
			if _, twice := assets[made]; twice {
				return nil, fmt.Errorf("asset %s: two sources make it", made)
			}
			if assets[made], err = bundle(kind.sources, name); err != nil {
				return nil, fmt.Errorf("asset %s: %w", made, err)
			}
		}
	}
	return assets, nil
})

// bundle makes one file of a source and of what it imports.
func bundle(sources fs.FS, entry string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{"./" + entry}, Bundle: true, Write: false, Outdir: "/", AbsWorkingDir: "/",
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Format: api.FormatIIFE, Target: api.ES2022, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		TsconfigRaw: `{"compilerOptions": {"target": "ES2022", "useDefineForClassFields": true}}`,
		External:    []string{"/static/*"},
		Plugins:     []api.Plugin{embedded(sources)},
	})
	if len(result.Errors) > 0 {
		faults := make([]error, len(result.Errors))
		for i, m := range result.Errors {
			faults[i] = errors.New(strings.TrimSpace(api.FormatMessages([]api.Message{m}, api.FormatMessagesOptions{})[0]))
		}
		return nil, errors.Join(faults...)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("%d files came out", len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

// embedded lets the bundler read from a file system and from nowhere else. Imports are relative, and name a file with or
// without its ending.
func embedded(sources fs.FS) api.Plugin {
	const space = "embedded"
	resolve := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if !strings.HasPrefix(args.Path, ".") {
			return api.OnResolveResult{}, fmt.Errorf("%s: only relative paths are imported", args.Path)
		}
		name := path.Join(path.Dir(strings.TrimPrefix(args.Importer, "/")), args.Path)
		for _, candidate := range []string{name, name + ".ts"} {
			if info, err := fs.Stat(sources, candidate); err == nil && !info.IsDir() {
				return api.OnResolveResult{Path: candidate, Namespace: space}, nil
			}
		}
		return api.OnResolveResult{}, fmt.Errorf("%s: there is no such file", name)
	}
	load := func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		content, err := fs.ReadFile(sources, args.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		text, loader := string(content), api.LoaderTS
		if path.Ext(args.Path) == ".css" {
			loader = api.LoaderCSS
		}
		return api.OnLoadResult{Contents: &text, Loader: loader}, nil
	}
	return api.Plugin{Name: space, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, resolve)
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: space}, load)
	}}
}
