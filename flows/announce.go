package flows

import (
	"slices"
	"strings"
	"unicode/utf8"

	"notalone/i18n"
)

// Announcements are written in a moderator's private chat, page by page. The
// front lists them; a page of its own shows one and what can be done with it.

// A deskPage shows or changes what moderators work on.
type deskPage func(t *turn, desk *Desk, args []string) *Page

// desked makes the handler of a moderators' page; the announcement it is about,
// if any, is named by the first argument.
func desked(role func(Role) bool, page deskPage) handler {
	return func(t *turn, args []string) *Page {
		need := NeedDesk{}
		if len(args) > 0 && newsID(args[0]) {
			need.ID = args[0]
		}
		switch desk := t.event.Desk; {
		case t.event.Shared:
			shown := t.words("announce", "announce.private", []Path{"home"})
			shown.Sensitive = true
			return shown
		case t.event.Offline:
			page := t.words("announce", "announce.offline", []Path{"announce", "home"})
			if takesWords(t.event.On) { // what is typed once more is for the same form
				page.Path = t.event.On
			}
			return page
		case desk == nil || desk.Me.Role != "" && need.ID != "" && desk.Of != need.ID: // or read for the page on show
			return t.need(need)
		case desk.Me.Role == "":
			return t.words("announce", "announce.only", []Path{"home"})
		case !role(desk.Me.Role):
			return t.words("announce", "announce.role", []Path{"announce", "home"})
		}
		if t.event.Desk.Me.Lang != "" && t.state.Lang == "" && t.event.Locale == "" { // words alone do not tell the language everywhere
			t.lang, _ = t.site.words.Match(t.event.Desk.Me.Lang)
		}
		return page(t, t.event.Desk, args)
	}
}

func reads(Role) bool           { return true }
func owns(r Role) bool          { return r == RoleOwner }
func writes(r Role) bool        { return r.Writes() }
func about(path ...string) Path { return join(append([]string{"announce"}, path...)...) }

// one makes the handler of a page about one announcement.
func one(role func(Role) bool, page func(t *turn, a *Announcement, args []string) *Page) handler {
	return desked(role, func(t *turn, desk *Desk, args []string) *Page {
		if desk.One == nil || desk.One.ID != args[0] {
			return t.words("announce", "announce.gone", []Path{"announce", "home"})
		}
		return page(t, desk.One.Clone(), args[1:])
	})
}

// editable is one for changes: what is on its way is not changed any more.
func editable(page func(t *turn, a *Announcement, args []string) *Page) handler {
	return one(writes, func(t *turn, a *Announcement, args []string) *Page {
		if !a.Editable() {
			return t.announcement(a)
		}
		return page(t, a, args)
	})
}

// writable is one for the texts, which may also be put right after it went out.
func writable(page func(t *turn, a *Announcement, args []string) *Page) handler {
	return one(writes, func(t *turn, a *Announcement, args []string) *Page {
		if !a.Editable() && (a.Started == 0 || a.Ended == 0 || a.Undo.Running) {
			return t.announcement(a)
		}
		return page(t, a, args)
	})
}

// listed is how many announcements the front shows: the others are old.
const listed = 6

func announceFront(t *turn, desk *Desk, _ []string) *Page {
	var rows [][]Button
	recent := slices.DeleteFunc(slices.Clone(desk.Recent), func(a *Announcement) bool { return a.Stage == Cancelled && a.Started == 0 }) // thrown away
	for _, a := range recent[:min(len(recent), listed)] {
		rows = append(rows, []Button{{Label: t.headline(a), Path: about(a.ID)}})
	}
	rows = inRowsOfTwo(rows)
	var ways []Button
	if desk.Me.Role.Writes() {
		ways = append(ways, t.button("announce.new", "announce/new"))
	}
	ways = append(ways, t.button("announce.people", "moderators"), t.link("home"))
	text := t.text("announce.front", i18n.With("Role", t.line(i18n.Key("announce.role_"+string(desk.Me.Role)))))
	if t.site.operator.News.Solo {
		text = i18n.Join(text, t.text("announce.solo"))
	}
	return t.page("announce", text, append(rows, ways)...)
}

func announceList(t *turn, _ *Announcement, _ []string) *Page {
	return announceFront(t, t.event.Desk, nil)
}

// inRowsOfTwo puts single buttons side by side, so that six fit above the others.
func inRowsOfTwo(rows [][]Button) [][]Button {
	var flat []Button
	for _, row := range rows {
		flat = append(flat, row...)
	}
	return pairs(flat)
}

// headline is the beginning of an announcement and how far it is.
func (t *turn) headline(a *Announcement) string {
	words := t.line("announce.untitled")
	for _, lang := range append([]i18n.Lang{t.lang}, t.site.words.Langs()...) {
		if text := a.Texts[lang]; text != "" {
			words = strings.Join(strings.Fields(strings.NewReplacer("*", "", "_", "", "`", "").Replace(text)), " ")
			break
		}
	}
	stage := t.line(i18n.Key("announce.stage_" + string(a.Stage)))
	return short(words, MaxLabel-utf8.RuneCountInString(stage)-3) + " (" + stage + ")"
}

// announceNew begins a draft: nothing in it yet, for groups and people alike.
func announceNew(t *turn, desk *Desk, _ []string) *Page {
	a := &Announcement{ID: NewsID(t.event.Seed), Stage: Drafted, To: Receivers{Groups: true, People: true}, Texts: map[i18n.Lang]string{}}
	desk.Version = ""
	return t.saved(a, "began a draft", t.announcement)
}

// saved stores a changed announcement and shows a page of it. A change voids what
// was agreed to: it is a draft again.
func (t *turn) saved(a *Announcement, act string, show func(*Announcement) *Page) *Page {
	if a.Editable() {
		a.Stage, a.Approval = Drafted, Approval{}
	}
	a.By, a.Undo.Asked = t.event.Desk.Me.Key, false
	t.effects = append(t.effects, SaveAnnouncement{Announcement: a, Act: act})
	return show(a)
}

// announceOne shows one. Of one that is under way the message goes on telling how
// far it is, to those who may stop it.
func announceOne(t *turn, a *Announcement, _ []string) *Page {
	if a.underWay() && t.event.Desk.Me.Role.Writes() {
		t.effects = append(t.effects, Watch{Announcement: a, Here: true})
	}
	return t.announcement(a)
}

// announcement shows one with what can be done next.
func (t *turn) announcement(a *Announcement) *Page {
	text := i18n.Join(t.text("announce.card",
		i18n.With("Stage", t.stage(a)), i18n.With("Langs", t.langsOf(a)), i18n.With("Picture", t.yes(a.Picture.URL != "")),
		i18n.Count("Buttons", len(a.Buttons)), i18n.With("To", t.audience(a)), i18n.With("When", t.when(a)),
		i18n.With("Pin", t.yes(a.Pin)), i18n.With("Spread", t.yes(a.Spread))))
	if !t.event.Desk.Me.Role.Writes() {
		return t.page(about(a.ID), text, []Button{t.button("announce.preview", about(a.ID, "preview")), t.button("announce.report", about(a.ID, "report"))}, []Button{t.button("nav.back", "announce")})
	}
	to := func(key, part string) Button { return t.button(i18n.Key("announce."+key), about(a.ID, part)) }
	back := t.button("nav.back", "announce")
	switch {
	case a.Editable():
		rows := [][]Button{
			{to("texts", "text"), to("picture", "picture"), to("buttons", "button")},
			{to("to", "to"), to("when", "when"), to("more", "more")},
			{to("preview", "preview"), to("check", "check")},
			{back},
		}
		if a.Stage == Scheduled {
			rows[3] = append(rows[3], to("cancel", "cancel"))
		}
		return t.page(about(a.ID), text, rows...)
	case a.Undo.Running:
		return t.progressPage(a, t.event.Desk.Going(a), 0)
	case a.Emptying() || a.Undo.Cancelled:
		return t.page(about(a.ID), i18n.Join(t.text("announce.stage", i18n.With("Stage", t.stage(a))), t.text("announce.emptying")),
			[]Button{t.button("announce.again", about(a.ID)), to("report", "report"), back})
	case a.Stage == Done || a.Stage == Cancelled && a.Started > 0:
		return t.page(about(a.ID), text, []Button{to("report", "report"), to("texts", "text"), to("preview", "preview")},
			[]Button{to("undo_edit", "undo/edit"), to("undo_delete", "undo/delete")}, []Button{back})
	case a.Stage == Cancelled:
		return t.page(about(a.ID), text, []Button{to("redraft", "draft"), back})
	}
	progress := t.event.Desk.Going(a)
	return t.progressPage(a, progress, t.average(a, progress))
}

// announceRedraft takes up again what was thrown away, or cancelled before it began:
// no words are lost by one tap.
func announceRedraft(t *turn, a *Announcement, _ []string) *Page {
	if a.Stage != Cancelled || a.Started > 0 {
		return t.announcement(a)
	}
	a.Stage = Drafted
	return t.saved(a, "made it a draft again", t.announcement)
}

func (t *turn) yes(is bool) string {
	if is {
		return t.line("announce.yes")
	}
	return t.line("announce.no")
}

// langsOf names the languages that there is a text in.
func (t *turn) langsOf(a *Announcement) string {
	var names []string
	for _, lang := range t.site.words.Langs() {
		if a.Texts[lang] != "" {
			names = append(names, t.langName(lang))
		}
	}
	if len(names) == 0 {
		return t.line("announce.none")
	}
	list := strings.Join(names, ", ")
	if a.Fallback != "" {
		list += ". " + t.line("announce.others_get", i18n.With("Lang", t.langName(a.Fallback)))
	}
	return list
}

// audience names whom an announcement goes to.
func (t *turn) audience(a *Announcement) string {
	var parts []string
	if a.To.Groups {
		parts = append(parts, t.line("announce.to_groups"))
	}
	if a.To.People {
		parts = append(parts, t.line("announce.to_people"))
	}
	for _, code := range a.To.Countries {
		parts = append(parts, t.countryName(code))
	}
	for _, lang := range a.To.Langs {
		parts = append(parts, t.langName(lang))
	}
	for _, kind := range a.To.Kinds {
		parts = append(parts, t.line(i18n.Key("announce.kind_"+kind)))
	}
	for _, platform := range a.To.Platforms {
		parts = append(parts, appName(platform))
	}
	if len(parts) == 0 {
		return t.line("announce.none")
	}
	return strings.Join(parts, ", ")
}
