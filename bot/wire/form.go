package wire

import (
	"bytes"
	"fmt"
	"mime/multipart"
)

// A Field is a plain part of a form.
type Field struct{ Name, Value string }

// Form encodes a file with the plain fields before it, and tells the type of the
// body.
func Form(fields []Field, part, name string, data []byte) (kind string, body []byte, err error) {
	var out bytes.Buffer
	form := multipart.NewWriter(&out)
	for _, field := range fields {
		if err := form.WriteField(field.Name, field.Value); err != nil {
			return "", nil, fmt.Errorf("encode a form: %w", err)
		}
	}
	file, err := form.CreateFormFile(part, name)
	if err == nil {
		_, err = file.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", nil, fmt.Errorf("encode a file: %w", err)
	}
	return form.FormDataContentType(), out.Bytes(), nil
}
