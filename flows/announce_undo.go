package flows

import (
	"slices"

	"notalone/i18n"
)

// Pages that take back what was sent, or put its words right everywhere.

// ended is one for what is done to an announcement that went out.
func ended(page func(t *turn, a *Announcement, args []string) *Page) handler {
	return one(writes, func(t *turn, a *Announcement, args []string) *Page {
		if a.Started == 0 || a.Ended == 0 || a.Undo.Running || a.Undo.Cancelled {
			return t.announcement(a)
		}
		return page(t, a, args)
	})
}

// announceUndo tells what an undo does. To delete, one moderator is enough; new
// words need whoever the first ones needed.
func announceUndo(t *turn, a *Announcement, args []string) *Page {
	switch args[0] {
	case "delete":
		return t.undoPage(a, "delete", t.text("announce.undo_delete_page"), []Button{t.button("announce.undo_delete_now", about(a.ID, "undo", "delete", "now"))})
	case "edit":
		return t.undoEdit(a)
	}
	return nil
}

func (t *turn) undoPage(a *Announcement, how string, text i18n.Text, next []Button) *Page {
	ways := []Button{t.button("nav.back", about(a.ID))}
	if how == "edit" {
		ways = append([]Button{t.button("announce.preview", about(a.ID, "preview"))}, ways...)
	}
	return t.page(about(a.ID, "undo", how), text, rowsOf(next, ways)...)
}

func (t *turn) undoEdit(a *Announcement) *Page {
	text, now := t.text("announce.undo_edit_page"), about(a.ID, "undo", "edit", a.Hash())
	if flaws := t.newFlaws(a); stopped(flaws) {
		return t.undoPage(a, "edit", i18n.Join(text, t.flaws(flaws)), nil)
	}
	switch {
	case t.mayGo(a):
		return t.undoPage(a, "edit", text, []Button{t.button("announce.undo_edit_now", now)})
	case t.mayAgree(a):
		return t.undoPage(a, "edit", i18n.Join(text, t.text("announce.read_first")), []Button{t.button("announce.undo_approve", now)})
	case a.Undo.Asked:
		return t.undoPage(a, "edit", i18n.Join(text, t.text("announce.asked")), nil)
	}
	return t.undoPage(a, "edit", text, []Button{t.button("announce.ask", about(a.ID, "undo", "edit", "ask"))})
}

// newFlaws are those of words to come: that its first time is past is none.
func (t *turn) newFlaws(a *Announcement) []Flaw {
	return slices.DeleteFunc(t.site.Proof(a, t.event.At), func(f Flaw) bool { return f.Key == flawPast })
}

// mayAgree reports whether new words wait for the one who asks here.
func (t *turn) mayAgree(a *Announcement) bool { return a.Undo.Asked && a.By != t.event.Desk.Me.Key }

// announceUndoNow does it: args are how, and "now", "ask" or the hash of the words.
func announceUndoNow(t *turn, a *Announcement, args []string) *Page {
	how, what := args[0], args[1]
	switch {
	case how == "delete" && what == "now":
		return t.undo(a, true, "undo: delete")
	case how != "edit":
		return nil
	case what == "ask" && !a.Undo.Asked && !stopped(t.newFlaws(a)) && !t.mayGo(a):
		a.Undo.Asked = true
		t.effects = append(t.effects, SaveAnnouncement{Announcement: a, Act: "asked for approval of new words"}, Tell{Path: about(a.ID, "undo", "edit")})
		return t.undoEdit(a)
	case what != a.Hash(), stopped(t.newFlaws(a)), !t.mayGo(a) && !t.mayAgree(a):
		return t.undoEdit(a)
	}
	act := "undo: edit"
	if !t.mayGo(a) {
		act = "approved, undo: edit"
	}
	a.Approve(t.event.Desk.Me.Key)
	return t.undo(a, false, act)
}

func (t *turn) undo(a *Announcement, deletes bool, act string) *Page {
	a.Undo = Undo{Running: true, Delete: deletes, Round: a.Undo.Round + 1}
	t.event.Desk.Undone = &Progress{}
	return t.moved(a, act, true)
}
