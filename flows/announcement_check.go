package flows

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"notalone/i18n"
)

// A Newsroom is what the operator allows moderators.
type Newsroom struct {
	Links []string // hosts that announcements may lead to, with all below them
	Solo  bool     // no second moderator has to agree
	// Review names wordings that must not go out; nil: nothing is looked for.
	Review func(lang i18n.Lang, text string) []Wording
}

// A Wording must not go out; Why is the message that says so of Lang and Words.
type Wording struct {
	Words string
	Why   i18n.Key
}

// Newsroom is what the operator allows moderators.
func (s *Site) Newsroom() Newsroom { return s.operator.News }

// A Flaw is something about an announcement that its moderator should know. One
// that stops must be mended before it is sent.
type Flaw struct {
	Key   i18n.Key
	Args  []i18n.Arg
	Stops bool
}

// Lengths that every platform takes: Discord counts code points, Telegram UTF-16
// units. The foot of a private post and Help need some of it.
const (
	maxNews    = MaxText - 200
	maxCaption = 1024 - 200
)

const flawPast i18n.Key = "flaw.past"

// Proof reads an announcement the way a careful colleague would.
func (s *Site) Proof(a *Announcement, now time.Time) []Flaw {
	p := &proof{site: s, a: a}
	if len(a.Texts) == 0 {
		p.stop("flaw.no_text")
	}
	if !a.To.Groups && !a.To.People {
		p.stop("flaw.nobody")
	}
	p.texts()
	p.picture()
	p.buttons()
	p.when(now)
	slices.SortStableFunc(p.flaws, func(a, b Flaw) int {
		if a.Stops == b.Stops {
			return 0
		}
		if a.Stops {
			return -1
		}
		return 1
	})
	return p.flaws
}

type proof struct {
	site  *Site
	a     *Announcement
	flaws []Flaw
}

func (p *proof) stop(key i18n.Key, args ...i18n.Arg) {
	p.flaws = append(p.flaws, Flaw{Key: key, Args: args, Stops: true})
}

func (p *proof) lang(lang i18n.Lang) i18n.Arg {
	return i18n.With("Lang", p.site.words.Line(lang, i18n.Key("language_"+string(lang))))
}

func (p *proof) texts() {
	for _, lang := range p.site.words.Langs() {
		if text := p.a.Texts[lang]; text != "" {
			p.text(lang, text)
		}
	}
}

func (p *proof) buttons() {
	for _, b := range p.a.Buttons {
		p.button(b)
	}
}

func (p *proof) text(lang i18n.Lang, source string) {
	if strings.ContainsAny(source, "{}") {
		p.stop("flaw.placeholder", p.lang(lang))
		return
	}
	text, err := i18n.Parse(source)
	if err != nil {
		p.unreadable(lang, source)
		return
	}
	plain := text.Plain()
	most := maxNews
	if p.a.Picture.URL != "" {
		most = maxCaption
	}
	if alt := p.a.Picture.Alt[lang]; p.a.Picture.URL != "" {
		plain += "\n" + alt
	}
	if n := max(utf8.RuneCountInString(plain), len(utf16.Encode([]rune(plain)))); n > most {
		p.stop("flaw.long", p.lang(lang), i18n.Count("N", n), i18n.Count("Max", most))
	}
	if strings.Contains(source, "<") && strings.Contains(source, ">") || strings.Contains(plain, "[") && strings.Contains(plain, "]") {
		p.stop("flaw.placeholder", p.lang(lang))
	}
	for _, address := range addresses(text) {
		p.link(address)
	}
	for word := range strings.FieldsSeq(plain) {
		if name := callsSomebody.FindString(word); name != "" {
			p.stop("flaw.mention", p.lang(lang), i18n.With("Name", strings.TrimLeft(name, around)))
		}
	}
	p.wording(lang, plain)
}

// unreadable tells why a text cannot be read: of a link that is none to what it
// leads, else that a mark is open.
func (p *proof) unreadable(lang i18n.Lang, source string) {
	before := len(p.flaws)
	for _, link := range linked.FindAllStringSubmatch(source, -1) {
		if u, err := url.Parse(link[1]); err != nil || u.Scheme != "https" {
			p.link(link[1])
		}
	}
	if len(p.flaws) == before {
		p.stop("flaw.marks", p.lang(lang))
	}
}

// linked is what a link leads to.
var linked = regexp.MustCompile(`\]\(([^)\n]+)\)`)

// contact is a phone number or a mail address where a web address should be.
var contact = regexp.MustCompile(`(?i)^(tel|sms|mailto):|^[^\s@/]+@[^\s@/]+\.[^\s@/]+$`)

// around is what stands around a word and is no part of it.
const around = ".,;:!?()[]\"'“”‘’*_"

// callsSomebody is a word that an app makes a call to a person, or to all.
var callsSomebody = regexp.MustCompile(`^[` + regexp.QuoteMeta(around) + `]*@[\p{L}\p{N}_]+`)

// bareAddress is a word that Telegram makes a link or a mail address of, as it
// stands: with no scheme, but with the end of a host's name.
var bareAddress = regexp.MustCompile(`(?i)^([^\s@/]+@)?([\p{L}\p{N}-]+\.)+([a-z]{2}|com|net|org|info|biz|edu|gov|app|dev|xyz|top|site|online|store|shop|link|click|club|live|fun|icu|vip|win|page|website|space|pro|mobi|asia|chat|games)([:/?#].*)?$`)

// addresses are all links of a text, those that stand bare in the words included.
func addresses(text i18n.Text) []string {
	var all []string
	for _, span := range text {
		if span.URL != "" {
			all = append(all, span.URL)
		}
		for word := range strings.FieldsSeq(span.Text) {
			word = strings.Trim(word, around)
			if strings.Contains(word, "://") || contact.MatchString(word) || bareAddress.MatchString(word) {
				all = append(all, word)
			}
		}
	}
	return all
}

func (p *proof) link(address string) {
	if !p.site.operator.News.leadsTo(address) {
		p.stop(notALink(address), i18n.With("Link", address))
	}
}

// notALink is what to say of an address that announcements may not lead to.
func notALink(address string) i18n.Key {
	if contact.MatchString(address) {
		return "flaw.contact"
	}
	return "flaw.link"
}

// leadsTo reports whether an announcement may lead to an address.
func (n Newsroom) leadsTo(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.User == nil && n.allows(u.Hostname())
}

// allows reports whether a host is on the operator's list, or below one that is.
func (n Newsroom) allows(host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(n.Links, func(known string) bool {
		return host == known || strings.HasSuffix(host, "."+known)
	})
}

// wording refuses what must not be said at all, and self-harm in any form: it is
// never spoken about to everybody at once.
func (p *proof) wording(lang i18n.Lang, plain string) {
	if review := p.site.operator.News.Review; review != nil {
		for _, found := range review(lang, plain) {
			p.stop(found.Why, p.lang(lang), i18n.With("Words", found.Words))
		}
	}
	for sentence := range strings.FieldsFuncSeq(plain, func(r rune) bool { return strings.ContainsRune(".!?\n", r) }) {
		reading := p.site.reader.Read(sentence, lang)
		if reading.Decision == Go && len(reading.Labels) > 0 && reading.Labels[0] == "self_harm" {
			p.stop("flaw.self_harm", p.lang(lang))
			return
		}
	}
}

func (p *proof) picture() {
	if p.a.Picture.URL == "" {
		return
	}
	p.link(p.a.Picture.URL)
	for _, lang := range p.site.words.Langs() {
		if p.a.Texts[lang] != "" && p.a.Picture.Alt[lang] == "" {
			p.stop("flaw.alt", p.lang(lang))
		}
	}
}

func (p *proof) button(b NewsButton) {
	switch {
	case b.URL != "":
		p.link(b.URL)
	case !p.site.opensFromNews(b.Path), len(b.via(p.a.ID)) > MaxPath:
		p.stop("flaw.button", i18n.With("Page", string(b.Path)))
		return
	}
	for _, lang := range p.site.words.Langs() {
		if p.a.Texts[lang] == "" {
			continue
		}
		t := &turn{site: p.site, lang: lang}
		label := t.newsLabel(b)
		if b.Labels[lang] == "" && (b.Path == "" || !p.site.words.Has(lang, p.site.labelKey(b.Path))) {
			p.stop("flaw.label", p.lang(lang), i18n.With("Page", string(b.Path)+b.URL))
			continue
		}
		if n := utf8.RuneCountInString(label); n > MaxLabel {
			p.stop("flaw.long_label", i18n.With("Label", label), i18n.Count("Max", MaxLabel))
		}
		p.wording(lang, b.Labels[lang])
	}
}

func (p *proof) when(now time.Time) {
	w := p.a.When
	if w.At == 0 {
		return
	}
	if w.past(now) {
		p.stop(flawPast)
	}
	if wall := time.Unix(w.At, 0).UTC(); w.Local && (wall.Hour() >= QuietFrom/60 || wall.Hour() < QuietTill/60) {
		p.flaws = append(p.flaws, Flaw{Key: "flaw.night"})
	}
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }
