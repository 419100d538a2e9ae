package redisstore

import (
	"encoding/binary"
	"errors"

	"notalone/flows"
	"notalone/i18n"
)

// format is the first byte of a state. A value of another format is dropped
// with a counter and the person starts anew: nothing in it is dear enough for
// a migration.
const format = 1

var errFormat = errors.New("a stored value has another format")

// encodeState packs a state into few bytes: varints and two bytes a mark.
func encodeState(s flows.State) []byte {
	b := make([]byte, 0, 64)
	b = append(b, format)
	b = appendString(b, string(s.Lang))
	b = appendString(b, s.Country)
	b = binary.AppendVarint(b, s.LastUse)
	day := int64(s.QuizDay) << 1
	if s.QuizRight {
		day |= 1
	}
	b = binary.AppendVarint(b, day)
	for _, list := range [][]uint16{s.Tips, s.Questions, s.Promises} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, mark := range list {
			b = binary.LittleEndian.AppendUint16(b, mark)
		}
	}
	return b
}

func decodeState(b []byte) (flows.State, error) {
	r := reader{rest: b}
	if r.byte() != format {
		return flows.State{}, errFormat
	}
	var s flows.State
	s.Lang = i18n.Lang(r.string())
	s.Country = r.string()
	s.LastUse = r.varint()
	day := r.varint()
	s.QuizDay, s.QuizRight = int32(day>>1), day&1 == 1
	s.Tips, s.Questions, s.Promises = r.marks(), r.marks(), r.marks()
	if r.bad || len(r.rest) > 0 {
		return flows.State{}, errFormat
	}
	return s, nil
}

func encodeDraft(d flows.Draft) []byte {
	b := appendString([]byte{format}, string(d.Form))
	return binary.AppendVarint(b, d.Till)
}

func decodeDraft(b []byte) (flows.Draft, error) {
	r := reader{rest: b}
	if r.byte() != format {
		return flows.Draft{}, errFormat
	}
	d := flows.Draft{Form: flows.Path(r.string()), Till: r.varint()}
	if r.bad || len(r.rest) > 0 {
		return flows.Draft{}, errFormat
	}
	return d, nil
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// reader takes fields off the front; bad stays set after a field too few.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return nil
	}
	field := r.rest[:n]
	r.rest = r.rest[n:]
	return field
}

func (r *reader) byte() byte {
	if b := r.take(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) varint() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) string() string { return string(r.take(r.uvarint())) }

func (r *reader) marks() []uint16 {
	n := r.uvarint()
	if n > uint64(len(r.rest)/2) {
		r.bad, r.rest = true, nil
		return nil
	}
	if n == 0 {
		return nil
	}
	marks := make([]uint16, n)
	for i := range marks {
		marks[i] = binary.LittleEndian.Uint16(r.take(2))
	}
	return marks
}
