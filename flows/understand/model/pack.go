package model

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// header of a packed model, before its compressed body.
type header struct {
	Magic   [4]byte
	Classes uint16
	Bits    uint16
}

const magic = "NAL1"

// Write packs the model: a header, then scales, biases and rows, compressed.
func (m *Model) Write(out io.Writer) error {
	h := header{Classes: uint16(m.Classes)}
	copy(h.Magic[:], magic)
	for len(m.Rows) > m.Classes<<h.Bits {
		h.Bits++
	}
	if err := binary.Write(out, binary.LittleEndian, h); err != nil {
		return fmt.Errorf("write the model's header: %w", err)
	}
	body, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return fmt.Errorf("compress the model: %w", err)
	}
	for _, part := range []any{m.Scale, m.Bias, m.Rows} {
		if err := binary.Write(body, binary.LittleEndian, part); err != nil {
			return fmt.Errorf("write the model: %w", err)
		}
	}
	if err := body.Close(); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	return nil
}

// Read unpacks one model from the reader and leaves what follows it.
func Read(packed *bytes.Reader) (*Model, error) {
	var h header
	if err := binary.Read(packed, binary.LittleEndian, &h); err != nil {
		return nil, fmt.Errorf("read the model's header: %w", err)
	}
	if string(h.Magic[:]) != magic || h.Bits > 20 || h.Classes > 64 {
		return nil, errors.New("read the model: not a model file")
	}
	n := int(h.Classes)
	m := &Model{Classes: n, Scale: make([]float32, n), Bias: make([]float32, n), Rows: make([]int8, n<<h.Bits)}
	body := flate.NewReader(packed)
	for _, part := range []any{m.Scale, m.Bias, m.Rows} {
		if err := binary.Read(body, binary.LittleEndian, part); err != nil {
			return nil, fmt.Errorf("read the model: %w", err)
		}
	}
	return m, nil
}
