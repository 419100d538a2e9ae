// Package i18n holds the words: one catalogue, a folder of TOML files per
// language, read with go-i18n and parsed to rich text once at load. It knows no
// page, no platform and no conversation; adding a language is adding a folder.
package i18n
