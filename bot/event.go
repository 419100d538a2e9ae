package bot

import (
	"time"

	"notalone/flows"
)

// An Event is one decoded update. Exactly one of Path, Text, Media and Link is
// set for something a person did, but Media may have a Text with it; Left tells of a person or group that is gone.
type Event struct {
	ID        string // unique at its platform; empty if the adapter vouches that it comes once
	Person    Person
	Place     Address
	Shared    bool         // others can read along
	Kind      string       // of a shared place: group, channel or server
	Joined    bool         // the bot was just added to this place
	Closed    bool         // the topic or channel of Place was deleted
	Manager   flows.Answer // may manage the group or server, if the update told
	Moved     Address      // a group that got another id: its old address
	Left      bool         // blocked the bot or removed it: everything kept is wiped
	Path      flows.Path
	Text      string // typed words; with a Path, those behind a command
	Forwarded bool   // Text is somebody else's message, passed on to the bot
	Media     bool   // a picture, voice, file …: never fetched; Text is what was written with it
	Link      string
	Locale    string
	At        time.Time
	Message   string // id of the person's message, if the bot may delete it later
	Pressed   string // id of the message whose button was pressed
	Reply     any    // what the adapter needs to answer: a callback id, an interaction token
}
