// Package flows decides what the bot says next. It is pure: it reads no clock,
// opens no connection, starts no goroutine and draws no random number; all of
// these come in with the event. Callers store the new State before they carry
// out any Effect.
//
// A conversation is a small web site. A Path names a page, a button is a link,
// and everything a person does becomes a path. Help pages keep no state at all.
package flows
