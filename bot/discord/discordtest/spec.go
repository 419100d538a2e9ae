package discordtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// spec is Discord's own description of its API, if it is at hand. Only what the
// bot's bodies need is understood: types, enums, lengths, required and items.
type spec struct {
	schemas map[string]schema
	bodies  map[string]schema // by route
}

type schema map[string]any

// read keeps the parsed description for all tests of a run.
var read = sync.OnceValues(readSpec)

// loadSpec finds the description in NOTALONE_SPECS, or beside the module.
func loadSpec(t testing.TB) *spec {
	t.Helper()
	s, err := read()
	if err != nil {
		t.Log("bodies are not compared with Discord's description of its API:", err)
	}
	return s
}

func readSpec() (*spec, error) {
	folder := os.Getenv("NOTALONE_SPECS")
	if folder == "" {
		root, err := moduleRoot()
		if err != nil {
			return nil, err
		}
		folder = filepath.Join(root, "..", "shared", "specs")
	}
	data, err := os.ReadFile(filepath.Join(folder, "discord-openapi.json"))
	if err != nil {
		return nil, errors.New("discord-openapi.json was not found")
	}
	var document struct {
		Paths      map[string]map[string]json.RawMessage
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("read discord-openapi.json: %w", err)
	}
	s := &spec{schemas: document.Components.Schemas, bodies: map[string]schema{}}
	for route, path := range map[string]string{
		CreateMessage: "/channels/{channel_id}/messages", EditMessage: "/channels/{channel_id}/messages/{message_id}", PutCommands: "/applications/{application_id}/commands",
		Callback:     "/interactions/{interaction_id}/{interaction_token}/callback",
		EditOriginal: "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
	} {
		method, _, _ := strings.Cut(route, " ")
		var operation struct {
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		if err := json.Unmarshal(document.Paths[path][strings.ToLower(method)], &operation); err != nil {
			return nil, fmt.Errorf("discord-openapi.json has no %s: %w", route, err)
		}
		s.bodies[route] = operation.RequestBody.Content["application/json"].Schema
	}
	return s, nil
}

func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", errors.New("no go.mod above the tests")
		}
		folder = parent
	}
}

// check compares a body with the description of its route.
func (s *spec) check(route string, body []byte) error {
	if s == nil || s.bodies[route] == nil {
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return s.fits(s.bodies[route], value, "body")
}

func (s *spec) fits(x schema, value any, at string) error {
	if ref, ok := x["$ref"].(string); ok {
		return s.fits(s.schemas[ref[strings.LastIndex(ref, "/")+1:]], value, at)
	}
	for _, part := range schemasOf(x["allOf"]) {
		if err := s.fits(part, value, at); err != nil {
			return err
		}
	}
	if err := s.fitsOne(append(schemasOf(x["oneOf"]), schemasOf(x["anyOf"])...), value, at); err != nil {
		return err
	}
	if kinds := kindsOf(x["type"]); kinds != nil && !slices.ContainsFunc(kinds, func(kind string) bool { return isKind(value, kind) }) {
		return fmt.Errorf("%s: not of type %v", at, kinds)
	}
	if list, ok := x["enum"].([]any); ok && value != nil && !slices.Contains(list, value) {
		return fmt.Errorf("%s: not one of the allowed values", at)
	}
	switch value := value.(type) {
	case string:
		return bounded(x, "Length", utf8.RuneCountInString(value), at)
	case []any:
		return s.fitsItems(x, value, at)
	case map[string]any:
		return s.fitsFields(x, value, at)
	}
	return nil
}

func (s *spec) fitsOne(choices []schema, value any, at string) error {
	var first error
	for _, choice := range choices {
		err := s.fits(choice, value, at)
		if err == nil {
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func (s *spec) fitsItems(x schema, list []any, at string) error {
	if err := bounded(x, "Items", len(list), at); err != nil {
		return err
	}
	items, ok := x["items"].(map[string]any)
	if !ok {
		return nil
	}
	for i, item := range list {
		if err := s.fits(items, item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func (s *spec) fitsFields(x schema, fields map[string]any, at string) error {
	required, _ := x["required"].([]any)
	for _, name := range required {
		if _, ok := fields[name.(string)]; !ok {
			return fmt.Errorf("%s.%s: required", at, name)
		}
	}
	properties, _ := x["properties"].(map[string]any)
	more, _ := x["additionalProperties"].(map[string]any)
	for name, value := range fields {
		part, ok := properties[name].(map[string]any)
		if !ok {
			part = more
		}
		if properties != nil && !ok && more == nil {
			return fmt.Errorf("%s.%s: unknown field", at, name)
		}
		if err := s.fits(part, value, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func bounded(x schema, what string, n int, at string) error {
	if least, ok := x["min"+what].(float64); ok && n < int(least) {
		return fmt.Errorf("%s: shorter than %v", at, least)
	}
	if most, ok := x["max"+what].(float64); ok && n > int(most) {
		return fmt.Errorf("%s: longer than %v", at, most)
	}
	return nil
}

func schemasOf(raw any) []schema {
	list, _ := raw.([]any)
	var all []schema
	for _, item := range list {
		if part, ok := item.(map[string]any); ok {
			all = append(all, part)
		}
	}
	return all
}

func kindsOf(raw any) []string {
	if kind, ok := raw.(string); ok {
		return []string{kind}
	}
	list, _ := raw.([]any)
	var kinds []string
	for _, kind := range list {
		kinds = append(kinds, kind.(string))
	}
	return kinds
}

func isKind(value any, kind string) bool {
	switch value := value.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case string:
		return kind == "string"
	case float64:
		return kind == "number" || kind == "integer" && value == float64(int64(value))
	case []any:
		return kind == "array"
	}
	return kind == "object"
}
