package flows

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"notalone/i18n"
)

// maxMemberName is how long the name may be that an owner gives a moderator.
const maxMemberName = 40

// moderatorsFront lists who works on announcements; an owner changes it.
func moderatorsFront(t *turn, desk *Desk, _ []string) *Page {
	lines := make([]string, 0, len(desk.Members))
	var rows []Button
	for _, m := range desk.Members {
		name := t.memberName(m)
		if m.Key == desk.Me.Key {
			name += " " + t.line("announce.you")
		} else if owns(desk.Me.Role) && len(rows) < 3*MaxInRow {
			rows = append(rows, Button{Label: short(name, MaxLabel), Path: join("moderators", m.Key)})
		}
		lines = append(lines, "• "+name+": "+t.line(i18n.Key("announce.role_"+string(m.Role))))
	}
	ways := []Button{t.button("nav.back", "announce")}
	if owns(desk.Me.Role) {
		ways = append([]Button{t.button("announce.invite_moderator", "moderators/invite/moderator"), t.button("announce.invite_viewer", "moderators/invite/viewer")}, ways...)
	}
	text := i18n.Join(t.text("announce.people_page"), i18n.Plainly(strings.Join(lines[:min(len(lines), 20)], "\n")))
	return t.page("moderators", text, append(inRows(rows, MaxRows-2), ways)...)
}

func (t *turn) memberName(m Moderator) string {
	if m.Label != "" {
		return m.Label
	}
	return t.line("announce.nameless", i18n.With("Key", m.Key[:min(4, len(m.Key))]))
}

// moderatorsInvite asks for a name to list the new one by, then shows the link.
func moderatorsInvite(t *turn, desk *Desk, args []string) *Page {
	role := Role(args[0])
	path := join("moderators", "invite", args[0])
	back := t.button("nav.back", "moderators")
	switch {
	case role != RoleModerator && role != RoleViewer:
		return nil
	case desk.Invite != "":
		return t.page(path, t.invited(desk), []Button{back})
	}
	name := oneLine(t.given())
	if n := utf8.RuneCountInString(name); n == 0 || n > maxMemberName {
		t.await(path)
		page := t.page(path, t.text("announce.invite_page", i18n.With("Role", t.line(i18n.Key("announce.role_"+args[0]))), i18n.Count("Max", maxMemberName)), []Button{back})
		if n > 0 {
			return amiss(t.text("announce.name_long", i18n.Count("N", n)), page)
		}
		return page
	}
	t.effects = append(t.effects, Invite{Role: role, Label: name})
	return nil
}

// invited tells how to pass a new invitation on: by a link where an app has one, by
// words on all.
func (t *turn) invited(desk *Desk) i18n.Text {
	text := t.text("announce.invited", i18n.Count("Hours", int(KeepInvite/time.Hour)))
	for _, link := range desk.Links {
		text = i18n.Join(text, t.text("announce.invited_link", i18n.With("Link", link)))
	}
	return i18n.Join(text, t.text("announce.invited_word", i18n.With("Word", "join "+desk.Invite)))
}

func moderatorsOne(t *turn, desk *Desk, args []string) *Page {
	for _, m := range desk.Members {
		switch {
		case m.Key != args[0]:
		case owns(m.Role): // of the settings; nothing here takes that away
			return t.page(join("moderators", m.Key), t.text("announce.member_owner", i18n.With("Name", t.memberName(m))), []Button{t.button("nav.back", "moderators")})
		default:
			return t.page(join("moderators", m.Key), t.text("announce.member", i18n.With("Name", t.memberName(m)), i18n.With("Role", t.line(i18n.Key("announce.role_"+string(m.Role))))),
				[]Button{t.button("announce.dismiss", join("moderators", m.Key, "remove"))}, []Button{t.button("nav.back", "moderators")})
		}
	}
	return moderatorsFront(t, desk, nil)
}

func moderatorsRemove(t *turn, desk *Desk, args []string) *Page {
	i := slices.IndexFunc(desk.Members, func(m Moderator) bool { return m.Key == args[0] && !owns(m.Role) })
	if i < 0 {
		return moderatorsFront(t, desk, nil)
	}
	gone := desk.Members[i]
	t.effects = append(t.effects, Dismiss{Key: gone.Key})
	desk.Members = slices.Delete(slices.Clone(desk.Members), i, i+1)
	page := moderatorsFront(t, desk, nil)
	ended := t.endedWith(gone)
	if ended > 0 {
		page.Text = i18n.Join(t.text("announce.ended_approvals", i18n.With("Name", t.memberName(gone)), i18n.Count("N", ended)), page.Text)
	}
	return page
}

// endedWith counts what somebody had approved and has not begun, and asks the
// others to look at it: with the role the approval is gone.
func (t *turn) endedWith(gone Moderator) int {
	n := 0
	for _, a := range t.event.Desk.Recent {
		if a.Stage == Scheduled && a.Approval.By == gone.Key {
			t.effects = append(t.effects, Tell{Path: CheckPath(a.ID)})
			n++
		}
	}
	return n
}

// oneLine is a name without what would begin a line or a column of a list that it
// stands in: the audit log's, above all.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(name), " "))
}

// An invitation's code has 26 characters; one that was copied badly is told so too.
const (
	leastCode = 20
	mostCode  = 32
)

// invitation takes typed "join CODE" for the page that uses the code up: not every
// platform has links that open a page.
func invitation(folded string) (Path, bool) {
	word, code, found := strings.Cut(folded, " ")
	if !found || word != "join" || len(code) < leastCode || len(code) > mostCode {
		return "", false
	}
	path, err := ParsePath(string(InvitationPath(strings.ToUpper(code))))
	return path, err == nil
}

// InvitationPath is the page that uses an invitation up.
func InvitationPath(code string) Path { return join("join", code) }

// joinPage uses an invitation up, unless it would give nothing: who tries the one
// that they are to pass on does not spoil it.
func joinPage(t *turn, args []string) *Page {
	switch {
	case t.event.Shared:
		return t.words("join", "announce.private", []Path{"home"})
	case t.event.Offline:
		return t.words("join", "announce.offline", []Path{"home"})
	case t.event.Desk == nil:
		return t.need(NeedDesk{})
	case t.event.Desk.Me.Role.Writes():
		return t.page("join", t.text("announce.join_own", i18n.With("Role", t.line(i18n.Key("announce.role_"+string(t.event.Desk.Me.Role))))), []Button{t.button("announce.open", "announce"), t.link("home")})
	case !t.event.Desk.Tried: // the desk may have been read for the page on show
		return t.need(Join{Code: args[0]})
	case t.event.Desk.Joined == "":
		return t.words("join", "announce.no_invite", []Path{"home"})
	}
	role := t.line(i18n.Key("announce.role_" + string(t.event.Desk.Joined)))
	return t.page("join", t.text("announce.joined", i18n.With("Role", role)), []Button{t.button("announce.open", "announce"), t.link("home")})
}
