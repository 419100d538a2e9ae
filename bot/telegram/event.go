package telegram

import (
	"strconv"
	"strings"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// anonymousAdmin is the account that stands in for admins who hide their name.
const anonymousAdmin = 1087968824

// unknownPath is opened for a button that is no path: no page has it, so the
// site says that the button is old and shows the way on.
const unknownPath flows.Path = "old"

// A reply is what an answer needs to know about its event.
type reply struct {
	at       time.Time
	query    string // the press to acknowledge
	acked    bool
	message  int64 // the person's message, to answer to in a group
	whisper  int64 // the id of the person's message, or of the pressed one, if only they see it
	group    bool  // a place where people can be whispered to
	replaced bool  // a new message already stood in for the pressed one
}

// event makes an event of an update; nil for what is none of the bot's business.
func (a *Adapter) event(u *update) *bot.Event {
	switch {
	case u.message != nil:
		return a.messageEvent(u.message)
	case u.press != nil:
		return a.pressEvent(u.press)
	case u.member != nil:
		return a.memberEvent(u.member)
	default:
		return nil
	}
}

// newEvent fills in who, where and when.
func (a *Adapter) newEvent(from user, in chat, m *message) (*bot.Event, *reply) {
	r := &reply{at: a.now(), group: in.kind == "group" || in.kind == "supergroup"}
	chatID := strconv.FormatInt(in.id, 10)
	person := chatID // in a private chat the two are the same
	if from.id != in.id {
		person = ""
		if from.id != 0 {
			person = strconv.FormatInt(from.id, 10)
		}
	}
	thread := ""
	if m != nil && m.topic && m.thread != 0 {
		thread = strconv.FormatInt(m.thread, 10)
	}
	return &bot.Event{
		Person: bot.NewPerson(Name, person), Place: bot.NewAddress(Name, chatID, thread),
		Shared: in.kind != "private", Kind: kindOf(in.kind), Locale: from.lang, At: r.at, Reply: r,
	}, r
}

// kindOf tells channels from groups of either sort.
func kindOf(chat string) string {
	switch chat {
	case "group", "supergroup":
		return "group"
	case "channel":
		return "channel"
	}
	return ""
}

func (a *Adapter) messageEvent(m *message) *bot.Event {
	hidden := m.byChat != 0 || m.from.id == anonymousAdmin // answered, but nobody in particular
	switch {
	case m.movedTo != 0:
		return a.movedEvent(m.chat.id, m.movedTo)
	case m.movedFrom != 0:
		return a.movedEvent(m.movedFrom, m.chat.id)
	case m.automatic, m.from.bot && !hidden, m.chat.id == 0:
		return nil
	}
	from := m.from
	if hidden {
		from.id = 0
	}
	ev, r := a.newEvent(from, m.chat, m)
	r.message, r.whisper = m.id, m.whisper
	if hidden && (m.byChat == 0 || m.byChat == m.chat.id) { // only who manages a chat can write in its name
		ev.Manager = flows.Yes
	}
	if ev.Shared {
		return a.first(a.overheard(ev, m), m)
	}
	ev.Message = strconv.FormatInt(m.id, 10)
	switch {
	case m.media, m.odd && m.text == "":
		ev.Media, ev.Text = true, m.text
		ev.Forwarded = m.forwarded && m.text != ""
	case m.forwarded && m.text != "": // its commands are not for us
		ev.Text, ev.Forwarded = m.text, true
	case m.text != "":
		a.words(ev, m.text)
	default:
		return nil // a service message
	}
	return a.first(ev, m)
}

// first leaves of pictures that were sent at once the first one, and those with
// words of their own: they get one answer.
func (a *Adapter) first(ev *bot.Event, m *message) *bot.Event {
	if ev == nil || m.album == "" || a.albums.first(m) || m.text != "" {
		return ev
	}
	return nil
}

// words takes what was typed in private for a command we know, or for words.
func (a *Adapter) words(ev *bot.Event, text string) {
	command, ok := parseCommand(text)
	if ok && (command.bot == "" || a.isUs(command.bot)) && a.opens(ev, command) {
		return
	}
	ev.Text = text
}

// overheard keeps to what is said to the bot: commands, mentions and replies.
func (a *Adapter) overheard(ev *bot.Event, m *message) *bot.Event {
	if command, ok := parseCommand(m.text); ok && !m.media {
		switch {
		case command.bot != "" && !a.isUs(command.bot):
			return nil
		case a.opens(ev, command):
			return ev
		case command.bot != "":
			ev.Text = m.text
			return ev
		}
	}
	if m.chat.kind == "channel" {
		return nil
	}
	text, mentioned := a.withoutMention(m)
	switch {
	case !mentioned && (m.repliedTo == 0 || m.repliedTo != a.me.Load().ID):
		return nil
	case m.media:
		ev.Media, ev.Text = true, strings.TrimSpace(text)
	case strings.TrimSpace(text) == "":
		if !mentioned {
			return nil
		}
		ev.Path = "home"
	default:
		ev.Text = text
	}
	return ev
}

func (a *Adapter) pressEvent(p *press) *bot.Event {
	m := p.message
	if m == nil || m.chat.id == 0 { // of a message that cannot be seen: answered in private
		m = &message{chat: chat{id: p.from.id, kind: "private"}}
	}
	if m.chat.id == 0 {
		return nil
	}
	ev, r := a.newEvent(p.from, m.chat, m)
	r.query, r.whisper = p.id, m.whisper
	path, err := flows.ParsePath(p.data)
	if err != nil {
		path = unknownPath
	}
	ev.Path = path
	switch {
	case m.whisper != 0:
		ev.Pressed = strconv.FormatInt(m.whisper, 10)
	case m.date != 0: // a message too old to be reached has no date: the answer is a new one
		ev.Pressed = strconv.FormatInt(m.id, 10)
	}
	return ev
}

// movedEvent tells that a group goes on under another id. It is told twice, by a
// message in the old chat and by one in the new.
func (a *Adapter) movedEvent(from, to int64) *bot.Event {
	if to == 0 {
		return nil
	}
	ev, _ := a.newEvent(user{}, chat{id: to, kind: "supergroup"}, nil)
	ev.Moved = bot.NewAddress(Name, strconv.FormatInt(from, 10), "")
	return ev
}

// memberEvent tells that the bot was blocked, removed or added. In a group this
// is nobody's event: whoever removes the bot keeps what is theirs, and the
// greeting is for all.
func (a *Adapter) memberEvent(m *member) *bot.Event {
	private := m.chat.kind == "private"
	from := m.from
	if !private {
		from.id = 0
	}
	ev, _ := a.newEvent(from, m.chat, nil)
	ev.Left = m.status == "kicked" || !private && m.status == "left"
	ev.Joined = !private && in(m.status) && !in(m.before)
	if !ev.Left && !ev.Joined {
		return nil
	}
	return ev
}

// in reports whether a member's status is one of those who are there.
func in(status string) bool {
	return status == "member" || status == "administrator" || status == "restricted"
}
