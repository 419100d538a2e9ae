package content

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// lines are the first lines of the items of each list: "tips", and within a
// country "countries/0/channels".
type lines map[string][]int

// decode reads one file and notes where its items stand. An error starts with the
// line and ends with what is written there.
func decode(data []byte, into *file) (lines, error) {
	text := strings.TrimPrefix(string(data), "\ufeff") // some editors write this mark
	tree, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, located(err, text)
	}
	at := lines{}
	switch {
	case len(tree.Docs) == 0 || tree.Docs[0].Body == nil: // a file of comments
		return at, nil
	case len(tree.Docs) > 1:
		return nil, errors.New("1: one file holds one document: remove the line ---")
	}
	body := tree.Docs[0].Body
	if body.Type() == ast.CommentType || body.Type() == ast.NullType {
		return at, nil
	}
	if err := yaml.NodeToValue(body, into, yaml.Strict()); err != nil {
		return nil, located(err, text)
	}
	at.note("", body)
	return at, nil
}

// note walks the lists of a mapping and of the mappings in them.
func (l lines) note(under string, node ast.Node) {
	mapping, ok := node.(*ast.MappingNode)
	if !ok {
		return
	}
	for _, pair := range mapping.Values {
		name := under + pair.Key.GetToken().Value
		switch value := pair.Value.(type) {
		case *ast.SequenceNode:
			for i, item := range value.Values {
				l[name] = append(l[name], firstLine(item))
				l.note(fmt.Sprintf("%s/%d/", name, i), item)
			}
		default:
			l[name] = append(l[name], pair.Key.GetToken().Position.Line)
		}
	}
}

// firstLine is where an item begins; a mapping's own token is its first colon.
func firstLine(item ast.Node) int {
	if mapping, ok := item.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		return mapping.Values[0].Key.GetToken().Position.Line
	}
	return item.GetToken().Position.Line
}

// located is an error as one line: where, what, and the words that stand there.
func located(err error, text string) error {
	var wrong yaml.Error
	if !errors.As(err, &wrong) || wrong.GetToken() == nil {
		return fmt.Errorf("1: %s", oneLine(err.Error()))
	}
	n := wrong.GetToken().Position.Line
	excerpt := ""
	if all := strings.Split(text, "\n"); n >= 1 && n <= len(all) {
		excerpt = strings.TrimSpace(all[n-1])
	}
	return fmt.Errorf("%d: %s: %s", n, oneLine(wrong.GetMessage()), excerpt)
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "'\t'", "a tab")), " ")
}
