package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxLine is how much of a line is kept; what goes on is read past.
const maxLine = 1 << 18

// answerLines answers every line with one line of JSON, whatever is in it.
func answerLines(from io.Reader, out *bufio.Writer, answer func(line string) any) error {
	in := bufio.NewReader(from)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := nextLine(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the lines: %w", err)
		}
		if err := encoder.Encode(answer(line)); err != nil {
			return fmt.Errorf("print an answer: %w", err)
		}
		if in.Buffered() == 0 { // nothing more for now: let who waits see it
			if err := out.Flush(); err != nil {
				return fmt.Errorf("print an answer: %w", err)
			}
		}
	}
}

// nextLine reads to the end of a line and keeps its beginning if it is too long.
func nextLine(in *bufio.Reader) (string, error) {
	var line []byte
	for read := false; ; read = true {
		piece, err := in.ReadSlice('\n')
		line = append(line, piece[:min(len(piece), maxLine-len(line))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && (read || len(line) > 0), err == nil:
			return strings.ToValidUTF8(string(bytes.TrimRight(line, "\r\n")), ""), nil
		default:
			return "", err //nolint:wrapcheck // by the caller
		}
	}
}
