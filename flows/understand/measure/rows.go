// Package measure tells how well messages are understood: recall and false
// alarms together, by language, label and tag.
package measure

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"notalone/i18n"
)

// A Row is a message and what it should be taken for.
type Row struct {
	Lang  i18n.Lang `json:"lang"`
	Text  string    `json:"text"`
	Label string    `json:"label"`
	Tags  []string  `json:"tags"`
	Hard  bool      `json:"hard"`
}

// maxRow is the longest line of a file of rows.
const maxRow = 1 << 20

// ReadRows reads JSON Lines.
func ReadRows(in io.Reader) ([]Row, error) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxRow)
	var rows []Row
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var row Row
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the rows: %w", err)
	}
	return rows, nil
}
