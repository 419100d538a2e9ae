package i18n

import (
	"io/fs"
	"path"
)

// A Folder is a file system that knows what it is called, so that a report
// names the file as its author can open it.
type Folder struct {
	fs.FS
	Name string
}

// FileIn is the name of a source's file for reports.
func FileIn(source fs.FS, file string) string {
	if folder, ok := source.(Folder); ok {
		return path.Join(folder.Name, file)
	}
	return file
}
