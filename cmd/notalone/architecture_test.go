package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// mayImport is the house: a package may import those it lists, and no other of
// ours. Directions are decided in docs/architecture.md.
var mayImport = map[string][]string{
	"i18n":                      {},
	"flows":                     {"i18n"},
	"flows/content":             {"flows", "i18n"},
	"flows/understand":          {"flows", "i18n", "flows/understand/features", "flows/understand/model"},
	"flows/understand/features": {"i18n"},
	"flows/understand/model":    {"flows/understand/features", "i18n"},
	"flows/understand/learn":    {"flows/understand/model"},
	"flows/understand/measure":  {"flows", "flows/understand", "flows/understand/model", "i18n"},
	"flows/understand/train":    {"flows/understand", "flows/understand/features", "flows/understand/learn", "flows/understand/measure", "flows/understand/model", "i18n"},
	"flows/trick":               {"flows", "flows/understand/features", "flows/understand/model", "i18n"},
	"flows/trick/train":         {"flows/trick", "flows/understand/features", "flows/understand/learn", "flows/understand/model"},
	"flows/check":               {"flows", "i18n"},
	"bot":                       {"flows", "i18n"},
	"bot/terminal":              {"bot", "flows", "i18n"},
	"bot/telegram":              {"bot", "bot/wire", "flows", "i18n"},
	"bot/telegram/telegramtest": {"bot/bottest/limits"},
	"bot/discord":               {"bot", "bot/wire", "flows", "i18n"},
	"bot/discord/discordtest":   {"bot/bottest/limits"},
	"bot/outbox":                {"bot", "flows", "i18n"},
	"bot/outbox/outboxtest":     {"bot", "bot/outbox", "flows"},
	"bot/redisstore":            {"bot", "bot/outbox", "flows", "i18n"},
	"bot/wire":                  {},
	"bot/bottest":               {"bot", "flows", "flows/content", "i18n"},
	"bot/bottest/limits":        {},
}

// onlyImporter names the one package that may use a library.
var onlyImporter = map[string][]string{
	"github.com/redis/go-redis/v9":                            {"bot/redisstore", "cmd/notalone"},
	"github.com/go-telegram-bot-api/telegram-bot-api/v5":      {"bot/telegram", "cmd/notalone"},
	"github.com/bwmarrin/discordgo":                           {"bot/discord", "cmd/notalone"},
	"github.com/alicebob/miniredis/v2":                        {"cmd/notalone"},
	"github.com/prometheus/client_golang/prometheus":          {"cmd/notalone"},
	"github.com/prometheus/client_golang/prometheus/promhttp": {"cmd/notalone"},
}

// impure are what flows may not reach for: these come in with the event.
var impure = []string{"context", "net", "net/http", "math/rand", "math/rand/v2", "crypto/rand", "sync", "os"}

func TestImportsGoOneWay(t *testing.T) {
	eachFile(t, func(pkg, file string, syntax *ast.File) {
		for _, spec := range syntax.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if ours, ok := strings.CutPrefix(path, "notalone/"); ok && !allowed(pkg, ours) {
				t.Errorf("%s: %s must not import %s", file, pkg, ours)
			}
			if importers, ok := onlyImporter[path]; ok && !contains(importers, pkg) {
				t.Errorf("%s: only %v may import %s", file, importers, path)
			}
			if pkg == "flows" && contains(impure, path) {
				t.Errorf("%s: flows is pure and must not import %s", file, path)
			}
			if pkg == "flows" && strings.Contains(path, ".") {
				t.Errorf("%s: flows imports i18n and the standard library, not %s", file, path)
			}
		}
	})
}

func TestFlowsReadsNoClock(t *testing.T) {
	eachFile(t, func(pkg, file string, syntax *ast.File) {
		if pkg != "flows" && pkg != "flows/understand" && pkg != "flows/trick" {
			return
		}
		ast.Inspect(syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s: flows starts no goroutine", file)
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && (n.Sel.Name == "Now" || n.Sel.Name == "Since" || n.Sel.Name == "Sleep") {
					t.Errorf("%s: time.%s: the time comes in with the event", file, n.Sel.Name)
				}
			}
			return true
		})
	})
}

func allowed(pkg, ours string) bool {
	may, known := mayImport[pkg]
	return !known && strings.HasPrefix(pkg, "cmd/") || contains(may, ours)
}

func contains(list []string, wanted string) bool {
	for _, s := range list {
		if s == wanted {
			return true
		}
	}
	return false
}

// eachFile parses every Go file of the module that is not a test.
func eachFile(t *testing.T, do func(pkg, file string, syntax *ast.File)) {
	t.Helper()
	root := "../.."
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		do(filepath.ToSlash(pkg), path, syntax)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
