package flows

import (
	"net/url"
	"time"

	"notalone/i18n"
)

// A Verdict is what becomes of an announcement at one receiver.
type Verdict struct {
	Post  Post
	Lang  i18n.Lang // of the text they get
	Later time.Time // when to ask again; zero: now or never
	Skip  string    // why they never get it; empty: they do
}

// Why a receiver is passed over.
const (
	SkipUnwanted = "unwanted" // takes no news any more, or left the audience
	SkipLanguage = "language" // there is no text for them
	SkipPaused   = "paused"   // for longer than an announcement waits
)

// waitsFor is how long an announcement waits for a paused group.
const waitsFor = 72 * time.Hour

// Announce decides what one receiver gets, and when.
func (s *Site) Announce(a *Announcement, feed *Feed, platform string, lastUse int64, now time.Time) Verdict {
	lang, ok := a.textFor(s.feedLang(*feed))
	switch {
	case !a.Takes(feed, platform):
		return Verdict{Skip: SkipUnwanted}
	case !ok:
		return Verdict{Skip: SkipLanguage}
	case time.Unix(feed.PausedTill, 0).Sub(now) > waitsFor:
		return Verdict{Skip: SkipPaused}
	}
	if at := a.FreeFrom(feed, lastUse, now); at.After(now) {
		return Verdict{Later: at}
	}
	return Verdict{Lang: lang, Post: s.AnnouncementPost(a, lang, feed.Private)}
}

// AnnouncementPost is an announcement as receivers of a language see it.
func (s *Site) AnnouncementPost(a *Announcement, lang i18n.Lang, private bool) Post {
	t := &turn{site: s, lang: lang}
	text, err := i18n.Parse(a.Texts[lang])
	if err != nil { // was checked before it was approved
		text = i18n.Plainly(a.Texts[lang])
	}
	if alt := a.Picture.Alt[lang]; a.Picture.URL != "" && alt != "" {
		text = i18n.Join(text, t.text("announce.alt", i18n.With("Alt", alt)))
	}
	var rows [][]Button
	for _, b := range a.Buttons {
		rows = append(rows, []Button{{Label: t.newsLabel(b), Path: b.via(a.ID), URL: b.URL}})
	}
	page := t.page("news", text, rows...)
	page.Picture = a.Picture.URL
	return Post{Page: t.footed(Feed{Private: private}, page), Pin: a.Pin && !private, Spread: a.Spread && !private}
}

func (t *turn) newsLabel(b NewsButton) string {
	if label := b.Labels[t.lang]; label != "" {
		return label
	}
	if b.Path != "" {
		return t.line(t.site.labelKey(b.Path))
	}
	if label := b.Labels[i18n.Fallback]; label != "" {
		return label
	}
	if u, err := url.Parse(b.URL); err == nil { // of a draft: nothing goes out without a label
		return u.Hostname()
	}
	return ""
}

// labelKey is a page's own label, or that of the conversation it belongs to.
func (s *Site) labelKey(path Path) i18n.Key {
	if key := i18n.Key("label." + path.Link()); s.words.Has(i18n.Fallback, key) {
		return key
	}
	return i18n.Key("label." + path.Root())
}

// via is the button's path with the announcement's id in front, so that presses
// can be counted as a whole.
func (b NewsButton) via(id string) Path {
	if b.Path == "" {
		return ""
	}
	return join("via", id, string(b.Path))
}

// viaNews opens the page that a button of an announcement leads to.
func viaNews(t *turn, args []string) *Page {
	path := join(args[1:]...)
	if path.Root() == "via" || !newsID(args[0]) {
		return nil
	}
	page := t.open(path)
	if page != nil { // the announcement stays as it is: it may be put right or taken back later
		fresh := *page
		fresh.Fresh, fresh.Fixed = true, false
		fresh.Sensitive = fresh.Sensitive || t.event.Shared // each who presses looks at their own: no group is flooded
		page = &fresh
	}
	t.effects = append(t.effects, Count{Name: ViaCount(args[0], path)}) // last: what a page still needs comes first
	return page
}

// withoutVia is the page that a button of an announcement leads to, or the path itself.
func withoutVia(path Path) Path {
	if parts := path.Parts(); path.Root() == "via" && len(parts) > 2 {
		return join(parts[2:]...)
	}
	return path
}

// ViaCount names the total of presses on one button of an announcement.
func ViaCount(id string, path Path) string { return "via:" + id + ":" + path.Link() }

// NewsID makes an id of an announcement from a random number. Its last letter
// follows from the others, so that a forged id is not counted.
func NewsID(random uint64) string {
	b := make([]byte, newsIDLength)
	for i := range newsIDLength - 1 {
		b[i] = newsLetters[random%uint64(len(newsLetters))]
		random /= uint64(len(newsLetters))
	}
	b[newsIDLength-1] = checkLetter(string(b[:newsIDLength-1]))
	return string(b)
}

const (
	newsLetters  = "23456789abcdefghjkmnpqrstuvwxyz"
	newsIDLength = 7
)

func newsID(id string) bool {
	return len(id) == newsIDLength && checkLetter(id[:newsIDLength-1]) == id[newsIDLength-1]
}

func checkLetter(id string) byte { return newsLetters[int(mark(id))%len(newsLetters)] }

// Corrected is what a receiver's message should read after its words were put right.
func (s *Site) Corrected(a *Announcement, feed *Feed) (i18n.Lang, Post) {
	lang, ok := a.textFor(s.feedLang(*feed))
	if !ok {
		return "", Post{}
	}
	return lang, s.AnnouncementPost(a, lang, feed.Private)
}

// StoppedByFaults is why an announcement paused by itself.
const StoppedByFaults = "faults"
