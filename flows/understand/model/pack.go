package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
)

// header of a packed model, before its scales, biases and rows.
type header struct {
	Magic   [4]byte
	Classes uint16
	Bits    uint16
}

const magic = "NAL3"

// stampSize is the length of what a file of models begins with.
const stampSize = 32

// Unstamp parts a file of models into its stamp, which tells what they were learnt
// from, and the models.
func Unstamp(file []byte) (stamp, models []byte) {
	at := min(stampSize, len(file))
	return file[:at], file[at:]
}

// Write packs the model: a header, then scales, biases, index and rows as they are used.
func (m *Model) Write(out io.Writer) error {
	h := header{Classes: uint16(m.Classes), Bits: uint16(bits.Len(uint(len(m.Known.bits)*8) - 1))}
	copy(h.Magic[:], magic)
	for _, part := range []any{h, m.Scale, m.Bias, m.Known.bits, m.Rows} {
		if err := binary.Write(out, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("write the model: %w", err)
		}
	}
	return nil
}

var errModel = errors.New("read the model: not a model file")

// Read takes one model off the front and returns what follows it. Index and rows
// are not copied: a model in the program's own file costs no memory until it is used.
func Read(packed []byte) (*Model, []byte, error) {
	var h header
	in := bytes.NewReader(packed)
	if err := binary.Read(in, binary.LittleEndian, &h); err != nil {
		return nil, nil, fmt.Errorf("read the model's header: %w", err)
	}
	if string(h.Magic[:]) != magic || 1<<h.Bits < blockBits || h.Bits > 24 || h.Classes > 64 {
		return nil, nil, errModel
	}
	n := int(h.Classes)
	m := &Model{Classes: n, Scale: make([]float32, n), Bias: make([]float32, n)}
	for _, part := range []any{m.Scale, m.Bias} {
		if err := binary.Read(in, binary.LittleEndian, part); err != nil {
			return nil, nil, fmt.Errorf("read the model: %w", err)
		}
	}
	rest, size := packed[len(packed)-in.Len():], 1<<h.Bits/8
	if len(rest) < size {
		return nil, nil, errModel
	}
	m.Known = NewIndex(rest[:size:size])
	rest, size = rest[size:], n*m.Known.Len()
	if len(rest) < size {
		return nil, nil, errModel
	}
	m.Rows = rest[:size:size]
	return m, rest[size:], nil
}
