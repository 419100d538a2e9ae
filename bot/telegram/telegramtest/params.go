package telegramtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
)

// params are a call's parameters by name, in JSON.
type params map[string]json.RawMessage

func readParams(kind string, body []byte) (params, error) {
	p := params{}
	if strings.HasPrefix(kind, "application/json") {
		if len(body) == 0 {
			return p, nil
		}
		return p, json.Unmarshal(body, &p)
	}
	if form, ok := strings.CutPrefix(kind, "multipart/form-data; boundary="); ok {
		return p, p.readForm(form, body)
	}
	values, err := url.ParseQuery(string(body))
	for name := range values {
		encoded, _ := json.Marshal(values.Get(name))
		p[name] = encoded
	}
	return p, err
}

// readForm takes a file as its name with what is in it from the next line on.
func (p params) readForm(boundary string, body []byte) error {
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if name := part.FileName(); name != "" {
			value = append([]byte(name+"\n"), value...)
		}
		if p[part.FormName()], err = json.Marshal(string(value)); err != nil {
			return err
		}
	}
}

// text is a string, or the JSON of anything else, as the real server sees it.
func (p params) text(name string) string {
	raw := p[name]
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

// number is 0 when there is none.
func (p params) number(name string) int64 {
	n, _ := strconv.ParseInt(p.text(name), 10, 64)
	return n
}

func (p params) truth(name string) bool { return p.text(name) == "true" }

// object decodes an object, which may also come as a string that holds JSON.
func (p params) object(name string, into any) error {
	raw := p[name]
	if len(raw) == 0 {
		return nil
	}
	if raw[0] == '"' {
		raw = json.RawMessage(p.text(name))
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return bad("can't parse %s JSON object", name)
	}
	return nil
}

// chatID is the chat that a call is for.
func (p params) chatID() (int64, error) {
	if p.text("chat_id") == "" {
		return 0, bad("chat_id is empty")
	}
	id, err := strconv.ParseInt(p.text("chat_id"), 10, 64)
	if err != nil {
		return 0, bad("chat not found")
	}
	return id, nil
}

func (p params) String() string {
	encoded, _ := json.Marshal(p)
	return fmt.Sprint(string(encoded))
}
