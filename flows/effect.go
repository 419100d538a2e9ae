package flows

import (
	"time"

	"notalone/i18n"
)

// An Effect is what the shell carries out after it stored the new state.
type Effect interface{ effect() }

// Show answers with a page: a press in place, words with a new message.
type Show struct{ Page *Page }

// Hide deletes what the platform lets the bot delete of the private talk, then
// opens Done, or Some when a part could not be deleted.
type Hide struct {
	Done, Some Path
	Lang       i18n.Lang // of the words that asked for it
}

// Forget removes every key of the person at once.
type Forget struct{}

// Count adds one to a daily total. Totals are never kept by person.
type Count struct{ Name string }

// NeedFeed asks for the feed of the place; the same event is turned again with it.
type NeedFeed struct{}

// NeedManager asks the platform whether the person may manage the place; the same
// event is turned again with the answer.
type NeedManager struct{}

// NeedLacks asks the platform what the bot may not do in a topic or channel of the
// place; the same event is turned again with the answer.
type NeedLacks struct{ Spot string }

// Vote counts an answer to the group's open quiz, one each; the same event is
// turned again, knowing whether it was the first.
type Vote struct{ Question, Choice string }

// SaveFeed stores what is posted in the place and moves its due times.
type SaveFeed struct{ Feed Feed }

// DropFeed stops all posts to the place and wipes what is kept of it.
type DropFeed struct{}

// Alert tells somebody who manages the place, once, that its posts are paused.
type Alert struct{ Feed Feed }

// Leave makes the bot leave the group, after wiping.
type Leave struct{}

// Post is a message that answers nothing: a page, a native quiz poll or a file.
type Post struct {
	Page   *Page
	Poll   *Poll
	File   *File
	Pin    bool // pin it, where the bot may
	Spread bool // cross-post it, in a channel that others follow
}

// A File stands alone in its message.
type File struct {
	Name string
	Data []byte
}

// A Poll is a native quiz poll with one right choice.
type Poll struct {
	Question    string
	Choices     []string
	Right       int
	Explanation string
	Closes      time.Time
}

func (Show) effect()        {}
func (Hide) effect()        {}
func (Forget) effect()      {}
func (Count) effect()       {}
func (NeedFeed) effect()    {}
func (NeedManager) effect() {}
func (NeedLacks) effect()   {}
func (Vote) effect()        {}
func (SaveFeed) effect()    {}
func (DropFeed) effect()    {}
func (Alert) effect()       {}
func (Leave) effect()       {}
func (Post) effect()        {}
