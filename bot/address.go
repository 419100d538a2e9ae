package bot

import (
	"fmt"
	"log/slog"
)

// Name is the name of a platform, as its adapter gives it.
type Name string

// A Person is who did something. Logs and error texts see only the platform.
type Person struct {
	platform Name
	id       string
}

// NewPerson names a person by the platform's id.
func NewPerson(platform Name, id string) Person { return Person{platform, id} }

// Platform is where the person is.
func (p Person) Platform() Name { return p.platform }

// ID is the platform's id, for the adapter and the store alone.
func (p Person) ID() string { return p.id }

// Known is false for events that nobody in particular caused.
func (p Person) Known() bool { return p.id != "" }

// LogValue keeps the id out of logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(string(p.platform)) }

// Format keeps the id out of every verb, %#v included.
func (p Person) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, string(p.platform)) }

// An Address is where an answer goes: a chat and, in some, a thread of it.
type Address struct {
	platform Name
	chat     string
	thread   string
}

// NewAddress names a chat and a thread ("" for none) by the platform's ids.
func NewAddress(platform Name, chat, thread string) Address { return Address{platform, chat, thread} }

// Platform is where the chat is.
func (a Address) Platform() Name { return a.platform }

// Chat is the platform's id of the chat, for the adapter and the store alone.
func (a Address) Chat() string { return a.chat }

// Thread is the id of the topic inside the chat, or "".
func (a Address) Thread() string { return a.thread }

// Whole is the chat without a topic: what is kept of a place is kept of all of it.
func (a Address) Whole() Address { return Address{platform: a.platform, chat: a.chat} }

// At is a topic or channel of the chat.
func (a Address) At(thread string) Address { return Address{a.platform, a.chat, thread} }

// LogValue keeps the ids out of logs.
func (a Address) LogValue() slog.Value { return slog.StringValue(string(a.platform)) }

// Format keeps the ids out of every verb, %#v included.
func (a Address) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, string(a.platform)) }
