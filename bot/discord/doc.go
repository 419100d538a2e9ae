// Package discord connects the bot to Discord: events come in by the gateway,
// answers go out by the HTTP API. It turns interactions and direct messages into
// events and pages into messages, and tells the shell how a call failed.
//
// It never retries an answer, never asks for a privileged intent, never shows a
// sensitive page where others can read it, and lets no token, id, address or
// word into a log line. discordgo does the talking inside; what it would do
// wrong (reconnecting for ever, waiting without an end, hiding close codes) is
// taken out of its hands in link.go, gateway.go and transport.go.
package discord
