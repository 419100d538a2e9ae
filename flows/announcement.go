package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"notalone/i18n"
)

// How long announcements are kept.
const (
	KeepDrafted  = 30 * 24 * time.Hour  // one that was never sent, after its last change
	KeepAnnounce = 400 * 24 * time.Hour // one that was
	KeepInvite   = 24 * time.Hour
)

// An Announcement is a message of the campaign to everybody who takes news, in
// the words of a moderator.
type Announcement struct {
	ID       string
	Texts    map[i18n.Lang]string // the Markdown subset of the catalogue
	Fallback i18n.Lang            // for languages without a text; empty: these get nothing
	Picture  Picture
	Buttons  []NewsButton
	To       Receivers
	When     When
	Pin      bool // pin it in groups, where the bot may
	Spread   bool // cross-post it in a channel that others follow

	Stage    Stage
	Approval Approval
	By       string // key of the moderator who changed its content last
	Changed  int64  // Unix seconds
	Started  int64  // Unix seconds
	Ended    int64  // Unix seconds
	Stopped  string // why it was paused; empty: by a moderator
	Pardoned int    // faults that a moderator has seen and sent on all the same
	Undo     Undo   // what is being done to what was sent
}

// Stage is how far an announcement is.
type Stage string

// The stages. A draft becomes Waiting only where a second moderator must agree.
const (
	Drafted   Stage = "draft"
	Waiting   Stage = "waiting"   // for a second moderator
	Scheduled Stage = "scheduled" // goes out when its time has come
	Sending   Stage = "sending"
	Paused    Stage = "paused"
	Done      Stage = "done"
	Cancelled Stage = "cancelled"
)

// Live reports whether the machinery has to work on it.
func (a *Announcement) Live() bool {
	return a.Stage == Scheduled || a.Stage == Sending || a.Stage == Paused || a.Undo.Running || a.Undo.Cancelled || a.Emptying()
}

// Emptying reports whether it was cancelled on its way and its queue still stands.
func (a *Announcement) Emptying() bool { return a.Stage == Cancelled && a.Started > 0 && a.Ended == 0 }

// underWay reports whether it is being sent or undone: a moderator sees how far.
func (a *Announcement) underWay() bool {
	return a.Stage == Sending || a.Stage == Paused || a.Undo.Running
}

// Editable reports whether its content may still be changed.
func (a *Announcement) Editable() bool {
	return a.Stage == Drafted || a.Stage == Waiting || a.Stage == Scheduled
}

// A Picture is shown with an announcement. The chat apps fetch it by its address.
type Picture struct {
	URL string
	Alt map[i18n.Lang]string
}

// A NewsButton opens a page of the bot or a link from the operator's list.
type NewsButton struct {
	Path   Path
	URL    string
	Labels map[i18n.Lang]string // of a page that has a label of its own: empty
}

// MaxNewsButtons leaves room for Stop and Help under an announcement.
const MaxNewsButtons = 3

// Receivers are whom an announcement goes to; an empty list stands for all.
type Receivers struct {
	Groups    bool
	People    bool
	Countries []string
	Langs     []i18n.Lang
	Platforms []string
	Kinds     []string // group, channel, server
}

// A When is the time of an announcement: at once, at an instant, or at an hour on
// each receiver's own clock.
type When struct {
	At    int64 // Unix seconds; 0: at once
	Local bool  // At is a clock time, written as if it were UTC
}

// An Approval lets one content out and no other: a second moderator's word where
// one is asked for, else the word of whoever sends it.
type Approval struct {
	By   string // the moderator's key
	Hash string // of the content that was read
	At   int64  // Unix seconds
}

// An Undo takes an announcement back or puts its words right everywhere.
type Undo struct {
	Running   bool
	Listed    bool // the receivers are in its queue
	Paused    bool // by a moderator
	Cancelled bool // on its way, and its queue still stands
	Delete    bool // else edit
	Asked     bool // the new words wait for a second moderator
	Round     int  // each round is a job of its own
}

// content is all that receivers see and who they are.
func (a *Announcement) content() any {
	return []any{a.Texts, a.Fallback, a.Picture, a.Buttons, a.To, a.When, a.Pin, a.Spread}
}

// Hash is the fingerprint of what is sent to whom and when; an approval holds for
// one hash only.
func (a *Announcement) Hash() string {
	plain, err := json.Marshal(a.content())
	if err != nil { // strings, numbers and maps always encode
		return ""
	}
	sum := sha256.Sum256(plain)
	return hex.EncodeToString(sum[:8])
}

// Clone is a copy whose lists and maps can be changed.
func (a *Announcement) Clone() *Announcement {
	plain, err := json.Marshal(a)
	fresh := &Announcement{}
	if err != nil || json.Unmarshal(plain, fresh) != nil {
		return a
	}
	return fresh
}

// Approve lets the content as it stands out.
func (a *Announcement) Approve(by string) { a.Approval = Approval{By: by, Hash: a.Hash()} }

// Approved reports whether the content as it stands may go out: nothing is sent
// that was changed after somebody agreed to it.
func (a *Announcement) Approved() bool { return a.Approval.By != "" && a.Approval.Hash == a.Hash() }

// textFor is the language that a receiver of a language gets; false for none.
func (a *Announcement) textFor(lang i18n.Lang) (i18n.Lang, bool) {
	if a.Texts[lang] != "" {
		return lang, true
	}
	return a.Fallback, a.Texts[a.Fallback] != ""
}

// Takes reports whether a feed on a platform belongs to the audience.
func (a *Announcement) Takes(feed *Feed, platform string) bool {
	to := a.To
	switch {
	case !feed.News, feed.Private && !to.People, !feed.Private && !to.Groups:
		return false
	case len(to.Countries) > 0 && !slices.Contains(to.Countries, feed.Country):
		return false
	case len(to.Langs) > 0 && !slices.Contains(to.Langs, feed.Lang):
		return false
	case len(to.Kinds) > 0 && !feed.Private && !slices.Contains(to.Kinds, feed.Kind):
		return false
	}
	return len(to.Platforms) == 0 || slices.Contains(to.Platforms, platform)
}

// begins is when the first receiver's time has come: the day begins fourteen
// hours before UTC's in the east.
func (w When) begins() time.Time {
	if w.Local {
		return time.Unix(w.At, 0).Add(-14 * time.Hour)
	}
	return time.Unix(w.At, 0)
}

// Begins reports whether it is time to take the list of receivers.
func (a *Announcement) Begins(now time.Time) bool { return !now.Before(a.When.begins()) }

// past reports whether the time is over everywhere; within an hour it is made good.
func (w When) past(now time.Time) bool {
	if w.Local {
		return w.begins().Add(26 * time.Hour).Before(now)
	}
	return time.Unix(w.At, 0).Before(now.Add(-time.Hour))
}

// other is the same time of day by each receiver's clock instead of one zone's, or
// the other way round.
func (w When) other(zone *time.Location) When {
	switch {
	case w.At == 0:
		return When{Local: !w.Local}
	case w.Local:
		return When{At: onClock(w.At, time.UTC, zone)}
	}
	return When{At: onClock(w.At, zone, time.UTC), Local: true}
}

// onClock is the moment at which a clock shows what another one shows at a moment.
func onClock(at int64, from, to *time.Location) int64 {
	wall := time.Unix(at, 0).In(from)
	return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, to).Unix()
}

// due is when the time has come for one receiver.
func (w When) due(feed *Feed) time.Time {
	if !w.Local {
		return time.Unix(w.At, 0)
	}
	return time.Unix(onClock(w.At, time.UTC, feed.location()), 0)
}

// Queue names the job of an announcement: its sending, or a round of an undo.
func (a *Announcement) Queue() string {
	if a.Undo.Round == 0 {
		return a.ID
	}
	return a.ID + "." + strconv.Itoa(a.Undo.Round)
}

// Sent is the announcement as if nothing had been undone, whose job is the
// sending itself.
func (a *Announcement) Sent() *Announcement {
	sent := a.Clone()
	sent.Undo = Undo{}
	return sent
}

// talkPause keeps an announcement out of a running conversation.
const talkPause = time.Hour

// FreeFrom is when a receiver may be written to, at the earliest now: their time
// has come, the last use is an hour ago, it is not night, the feed is not paused.
func (a *Announcement) FreeFrom(feed *Feed, lastUse int64, now time.Time) time.Time {
	at := now
	for _, earliest := range []time.Time{a.When.due(feed), time.Unix(feed.PausedTill, 0)} {
		if earliest.After(at) {
			at = earliest
		}
	}
	if used := time.Unix(lastUse, 0); lastUse > 0 && feed.Private && used.Add(useStep+talkPause).After(at) && !used.After(now) {
		at = used.Add(useStep + talkPause)
	}
	return feed.awake(at)
}

// awake is the time itself, or the end of the quiet hours that it falls into.
func (f *Feed) awake(at time.Time) time.Time {
	if !f.Quiet(at) {
		return at
	}
	local := at.In(f.location())
	days := 0
	if local.Hour()*60+local.Minute() >= QuietFrom {
		days = 1
	}
	return time.Date(local.Year(), local.Month(), local.Day()+days, QuietTill/60, QuietTill%60, 0, 0, local.Location())
}
