// Package understand takes typed words for a help topic or a command page.
package understand

import (
	"notalone/flows"
	"notalone/i18n"
)

// Reader implements flows.Reader.
type Reader struct{}

// Load builds a Reader.
func Load() (*Reader, error) { return &Reader{}, nil }

// Read implements flows.Reader.
func (*Reader) Read(string, i18n.Lang) flows.Reading { return flows.Reading{} }
