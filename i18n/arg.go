package i18n

import "strconv"

// Arg is a named value for a message: {{.Name}} in the file.
type Arg struct {
	name  string
	value string
	count int
	isInt bool
}

// With names a text value.
func With(name, value string) Arg { return Arg{name: name, value: value} }

// Count names a number; the first one of a message also picks its plural form.
func Count(name string, n int) Arg {
	return Arg{name: name, value: strconv.Itoa(n), count: n, isInt: true}
}

func (a Arg) number() (int, bool) { return a.count, a.isInt }
