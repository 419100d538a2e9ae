package flows

// What moderators do with an announcement on its way, in a chat and from a shell
// alike. Each tells the act for the log; empty: there is nothing of the kind to do.

// Pause stops the sending or the undo at the receiver it has come to.
func (a *Announcement) Pause() string {
	switch {
	case a.Undo.Running && !a.Undo.Paused:
		a.Undo.Paused = true
		return "paused the undo"
	case a.Undo.Running, a.Stage != Sending:
		return ""
	}
	a.Stage, a.Stopped = Paused, ""
	return "paused"
}

// Resume goes on from there, past the faults that there are.
func (a *Announcement) Resume(faults int) string {
	switch {
	case a.Undo.Running && a.Undo.Paused:
		a.Undo.Paused = false
		return "resumed the undo"
	case a.Undo.Running, a.Stage != Paused:
		return ""
	}
	a.Stage, a.Stopped, a.Pardoned = Sending, "", faults
	return "resumed"
}

// Cancel ends it: what was sent stays, and what an undo has changed stays changed.
func (a *Announcement) Cancel() string {
	switch {
	case a.Undo.Running:
		a.Undo.Running, a.Undo.Paused, a.Undo.Cancelled = false, false, true
		return "cancelled the undo"
	case a.Stage == Done, a.Stage == Cancelled:
		return ""
	}
	a.Stage = Cancelled
	return "cancelled"
}

// Doing tells how far an undo is; empty: none is running.
func (u Undo) Doing() string {
	switch {
	case !u.Running:
		return ""
	case u.Paused:
		return "paused"
	case u.Delete:
		return "deleting"
	}
	return "editing"
}
