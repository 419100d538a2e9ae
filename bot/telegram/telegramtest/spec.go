package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spec is Telegram's description of methods and types, as far as it is used.
type spec struct {
	Methods map[string]*shape
	Types   map[string]*shape
}

// A shape is a method's parameters or a type's fields.
type shape struct {
	Fields   []field
	Subtypes []string
}

type field struct {
	Name     string
	Types    []string
	Required bool
}

// loadSpec reads telegram-bot-api.json from NOTALONE_SPECS or from ../shared/specs
// beside the module. Without it, names and types go unchecked.
func loadSpec(tb testing.TB) *spec {
	folder := os.Getenv("NOTALONE_SPECS")
	for dir, _ := os.Getwd(); folder == "" && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			folder = filepath.Join(dir, "..", "shared", "specs")
		}
	}
	data, err := os.ReadFile(filepath.Join(folder, "telegram-bot-api.json"))
	if err != nil {
		tb.Log("parameters are not checked against Telegram's description: set NOTALONE_SPECS to the folder of telegram-bot-api.json")
		return nil
	}
	s := &spec{}
	if err := json.Unmarshal(data, s); err != nil {
		tb.Fatalf("read telegram-bot-api.json: %v", err)
	}
	s.addWhispers()
	return s
}

// addWhispers adds what Bot API 10.2 and 10.3 know and the description does not.
func (s *spec) addWhispers() {
	receiver := []field{{"receiver_user_id", []string{"Integer"}, false}, {"callback_query_id", []string{"String"}, false}}
	s.Types["EphemeralMessageParameters"] = &shape{Fields: append(slices.Clone(receiver), field{"replace_callback_query_message", []string{"Boolean"}, false})}
	send := s.Methods["sendMessage"]
	send.Fields = append(append(send.Fields, receiver...), field{"ephemeral_message_parameters", []string{"EphemeralMessageParameters"}, false})
	for i, f := range s.Types["ReplyParameters"].Fields {
		if f.Name == "message_id" {
			s.Types["ReplyParameters"].Fields[i].Required = false
		}
	}
	s.Types["ReplyParameters"].Fields = append(s.Types["ReplyParameters"].Fields, field{"ephemeral_message_id", []string{"Integer"}, false})
	s.Types["BotCommand"].Fields = append(s.Types["BotCommand"].Fields, field{"is_ephemeral", []string{"Boolean"}, false})
	which := []field{{"chat_id", []string{"Integer", "String"}, true}, {"receiver_user_id", []string{"Integer"}, true}, {"ephemeral_message_id", []string{"Integer"}, true}}
	s.Methods["deleteEphemeralMessage"] = &shape{Fields: which}
	s.Methods["editEphemeralMessageText"] = &shape{Fields: append(slices.Clone(which),
		field{"text", []string{"String"}, true}, field{"parse_mode", []string{"String"}, false},
		field{"entities", []string{"Array of MessageEntity"}, false}, field{"link_preview_options", []string{"LinkPreviewOptions"}, false},
		field{"reply_markup", []string{"InlineKeyboardMarkup"}, false})}
}

// check finds parameters that do not exist, are missing or are of a wrong kind.
func (s *spec) check(method string, p params) error {
	if s == nil {
		return nil
	}
	m := s.Methods[method]
	if m == nil {
		return fmt.Errorf("there is no method %s", method)
	}
	return s.checkFields(m, map[string]json.RawMessage(p))
}

func (s *spec) checkFields(of *shape, values map[string]json.RawMessage) error {
	known := map[string]bool{}
	for _, f := range of.Fields {
		known[f.Name] = true
		value, given := values[f.Name]
		if !given && f.Required {
			return fmt.Errorf("%s is missing", f.Name)
		}
		if given {
			if err := s.checkValue(f.Types, value); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
	}
	for name := range values {
		if !known[name] {
			return fmt.Errorf("%s is no parameter here", name)
		}
	}
	return nil
}

// checkValue accepts a value that fits one of the types.
func (s *spec) checkValue(types []string, value json.RawMessage) error {
	var errs []error
	for _, name := range types {
		err := s.checkType(name, value)
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (s *spec) checkType(name string, value json.RawMessage) error {
	if element, isArray := strings.CutPrefix(name, "Array of "); isArray {
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			return fmt.Errorf("not an array: %.40s", value)
		}
		for _, item := range items {
			if err := s.checkType(element, item); err != nil {
				return err
			}
		}
		return nil
	}
	switch name {
	case "Integer", "Float", "Boolean", "String":
		return checkPlain(name, value)
	}
	of := s.Types[name]
	if of == nil {
		return nil
	}
	if len(of.Subtypes) > 0 {
		return s.checkValue(of.Subtypes, value)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(value, &fields) != nil {
		return fmt.Errorf("not a %s: %.40s", name, value)
	}
	return s.checkFields(of, fields)
}

var wholeNumber = regexp.MustCompile(`^"?-?\d+"?$`)

func checkPlain(name string, value json.RawMessage) error {
	ok := false
	switch name {
	case "Integer":
		ok = wholeNumber.Match(value)
	case "Float":
		_, err := strconv.ParseFloat(strings.Trim(string(value), `"`), 64)
		ok = err == nil
	case "Boolean":
		ok = slices.Contains([]string{"true", "false"}, strings.Trim(string(value), `"`))
	case "String":
		ok = len(value) > 1 && value[0] == '"'
	}
	if !ok {
		return fmt.Errorf("not %s: %.40s", name, value)
	}
	return nil
}
