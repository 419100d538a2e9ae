package flows

import (
	"strings"
	"time"

	"notalone/i18n"
)

// An Event is one thing that a person, a group or the clock did.
type Event struct {
	Path      Path      // a press, command or link; empty for words and media
	Text      string    // typed words; with a Path, those behind a command
	Forwarded bool      // the words are somebody else's, passed on to the bot
	Media     bool      // a picture, voice, file, sticker, place or contact: never fetched; Text is what was written with it
	Link      string    // a deep-link parameter, not yet a path
	On        Path      // the page the person looks at, if the shell still knows
	OnLang    i18n.Lang // the language of that page
	Locale    string    // the client's language, "vi-VN"
	At        time.Time
	Seed      uint64
	Shared    bool   // others can read along: a group, channel or server
	Broadcast bool   // only those who manage the place write in it: a channel with readers
	Joined    bool   // the bot was just added to this place
	Closed    bool   // the topic or channel of the event was deleted, not its whole place
	Spot      string // the topic or channel of the place, by the platform's id
	Manager   Answer // whether the person may manage the group or server
	Voted     Answer // whether this is the person's first answer to the group's quiz
	Feed      *Feed  // what is posted in this place; nil: nothing
	Desk      *Desk  // what moderators work on, for a page that asked by NeedDesk
	HasFeed   bool   // Feed was looked up; a page that needs it asks by NeedFeed
	Lacks     []Lack // what the bot may not do where the place's posts go
	Looked    bool   // Lacks was looked up; a page that needs it asks by NeedLacks
	Hurried   bool   // over the person's rate: only help still answers
	Offline   bool   // the store is out of reach: nothing can be remembered
	Can       Can
}

// Answer is what the shell found out for a page that asked.
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// Can is what the platform is able to do in the place of an event.
type Can uint16

// Capabilities; the core asks for these and never for a platform's name.
const (
	CanEdit        Can = 1 << iota // replace a message in place
	CanWhisper                     // show a message to one person in a shared place
	CanDeleteTheir                 // delete the person's own messages in private
	CanPoll                        // native quiz polls
	CanRepeat                      // a post with the same nonce arrives once
	CanPick                        // a chooser among the channels of the place
	CanHear                        // words of this person arrive without the bot being named
	CanNote                        // a passing note to who pressed a button that all see
	CanAdd                         // links by which the bot is added somewhere
)

// A Lack is a right that the bot misses where it is to post. The words for it
// say how to give it.
type Lack string

// The rights that can be missing.
const (
	LackView   Lack = "view"   // to see the channel
	LackWrite  Lack = "write"  // to write in the channel
	LackThread Lack = "thread" // to write in threads of the channel
	LackSpeak  Lack = "speak"  // to write in a group that restricts its members
	LackPost   Lack = "post"   // to post in a channel with readers only
)

// Lacks lists all of them.
func Lacks() []Lack { return []Lack{LackView, LackWrite, LackThread, LackSpeak, LackPost} }

// Has reports whether all of the wanted capabilities are there.
func (c Can) Has(wanted Can) bool { return c&wanted == wanted }

// fromLink turns a deep-link parameter into a path. A slash arrives as an
// underscore; topics such as self_harm have underscores of their own, so the
// reading that names a page wins. Of one that names none the nearest page above
// it is opened.
func (s *Site) fromLink(link string) Path {
	parts := strings.Split(link, "_")
	if len(parts) > 8 {
		return "home"
	}
	for ; len(parts) > 0; parts = parts[:len(parts)-1] {
		for split := range 1 << (len(parts) - 1) {
			if path, err := ParsePath(rejoin(parts, split)); err == nil && s.find(path) != nil && s.Leads(path) {
				return path
			}
		}
	}
	return "home"
}

// rejoin joins parts by slashes, and by underscores where split has a bit.
func rejoin(parts []string, split int) string {
	var b strings.Builder
	b.WriteString(parts[0])
	for i, part := range parts[1:] {
		if split&(1<<i) == 0 {
			b.WriteByte('/')
		} else {
			b.WriteByte('_')
		}
		b.WriteString(part)
	}
	return b.String()
}
