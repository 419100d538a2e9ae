package telegram

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
)

// A scanner reads JSON once, front to back, and takes only what it is asked for.
// Most of an update is the echo of our own page; encoding/json would read it
// three times over. It is forgiving where that does no harm, and a value of an
// unexpected kind makes it bad for good.
type scanner struct {
	data []byte
	pos  int
	bad  bool
}

// peek is the next byte that is not white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\n', '\r', '\t':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) take(want byte) bool {
	if s.bad || s.peek() != want {
		s.bad = true
		return false
	}
	s.pos++
	return true
}

// null takes a null, which stands for any value that is not there.
func (s *scanner) null() bool {
	if s.peek() == 'n' && bytes.HasPrefix(s.data[s.pos:], []byte("null")) {
		s.pos += len("null")
		return true
	}
	return false
}

// object calls member for each key; member has to take the value.
func (s *scanner) object(member func(key []byte)) {
	if s.null() || !s.take('{') {
		return
	}
	if s.peek() == '}' {
		s.pos++
		return
	}
	for !s.bad {
		key := s.quoted()
		if !s.take(':') {
			return
		}
		member(key)
		if s.bad || !s.more('}') {
			return
		}
	}
}

// array calls item before each element; item has to take it.
func (s *scanner) array(item func()) {
	if s.null() || !s.take('[') {
		return
	}
	if s.peek() == ']' {
		s.pos++
		return
	}
	for !s.bad {
		item()
		if s.bad || !s.more(']') {
			return
		}
	}
}

// more takes the comma before a further element, or the end.
func (s *scanner) more(end byte) bool {
	switch s.peek() {
	case ',':
		s.pos++
		return true
	case end:
		s.pos++
		return false
	default:
		s.bad = true
		return false
	}
}

// quoted takes a string and returns what stands between the quotes.
func (s *scanner) quoted() []byte {
	if !s.take('"') {
		return nil
	}
	start := s.pos
	for {
		end := bytes.IndexByte(s.data[s.pos:], '"')
		if end < 0 {
			s.bad = true
			return nil
		}
		s.pos += end + 1
		escapes := 0
		for i := s.pos - 2; i >= start && s.data[i] == '\\'; i-- {
			escapes++
		}
		if escapes%2 == 0 {
			return s.data[start : s.pos-1]
		}
	}
}

// text takes a string with its escapes resolved.
func (s *scanner) text() string {
	if s.null() {
		return ""
	}
	s.peek()
	start := s.pos
	raw := s.quoted()
	if s.bad {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return strings.ToValidUTF8(string(raw), "\uFFFD")
	}
	var words string
	if json.Unmarshal(s.data[start:s.pos], &words) != nil {
		s.bad = true
	}
	return words
}

// number takes a whole number.
func (s *scanner) number() int64 {
	if s.null() {
		return 0
	}
	negative := s.peek() == '-'
	if negative {
		s.pos++
	}
	n, digits := int64(0), 0
	for s.pos < len(s.data) && s.data[s.pos]-'0' <= 9 {
		digit := int64(s.data[s.pos] - '0')
		if n > (math.MaxInt64-digit)/10 {
			s.bad = true
			return 0
		}
		n = n*10 + digit
		s.pos++
		digits++
	}
	if digits == 0 || s.pos < len(s.data) && bytes.IndexByte([]byte(".eE"), s.data[s.pos]) >= 0 {
		s.bad = true
		return 0
	}
	if negative {
		return -n
	}
	return n
}

// flag takes true or false.
func (s *scanner) flag() bool {
	if s.null() {
		return false
	}
	s.peek()
	switch rest := s.data[s.pos:]; {
	case bytes.HasPrefix(rest, []byte("true")):
		s.pos += len("true")
		return true
	case bytes.HasPrefix(rest, []byte("false")):
		s.pos += len("false")
	default:
		s.bad = true
	}
	return false
}

// skip passes over one value of any kind.
func (s *scanner) skip() {
	for depth := 0; !s.bad; {
		switch s.peek() {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
		case ',', ':':
			s.bad = depth == 0
			s.pos++
		case 0:
			s.bad = true
		default:
			s.bare()
		}
		if depth <= 0 {
			s.bad = s.bad || depth < 0
			return
		}
	}
}

// bare passes over a number or a word.
func (s *scanner) bare() {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case ',', ':', '}', ']', '{', '[', '"', ' ', '\n', '\r', '\t', 0:
			return
		}
		s.pos++
	}
}
