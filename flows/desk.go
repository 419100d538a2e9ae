package flows

// A Role is what somebody may do with announcements; empty: nothing.
type Role string

// The roles: a viewer reads, a moderator writes and approves, an owner also
// invites and removes.
const (
	RoleViewer    Role = "viewer"
	RoleModerator Role = "moderator"
	RoleOwner     Role = "owner"
)

// Writes reports whether the role may write announcements.
func (r Role) Writes() bool { return r == RoleModerator || r == RoleOwner }

// A Moderator is one of those who work on announcements. The key says nothing
// about who it is; the label is what an owner wrote when inviting.
type Moderator struct {
	Key   string
	Role  Role
	Label string
	Since int64  // Unix seconds
	Lang  string // of their chat app when it last told
}

// A Desk is what a page about announcements is made of; the shell loads it.
type Desk struct {
	Me       Moderator // who asks; no role: nobody
	Members  []Moderator
	Recent   []*Announcement // newest first
	Of       string          // which announcement was asked for
	One      *Announcement   // that one; nil: there is none
	Version  string          // of One
	Reach    []Reached       // everybody who takes news
	Progress *Progress       // of the sending of One
	Undone   *Progress       // of its undo; nil: nothing was undone
	Invite   string          // the code of an invitation just made
	Links    []string        // web addresses that use it up, where an app has one
	Refused  bool            // the chat app did not take the sample or file that was asked for
	Tried    bool            // an invitation was tried
	Joined   Role            // what an invitation just used up makes of who asks
}

// Reached is how many feeds of a kind take news.
type Reached struct {
	Platform string
	Class    Feed // language, country and kind
	N        int
}

// Going is the progress of what is being done with an announcement.
func (d *Desk) Going(a *Announcement) *Progress {
	if a.Undo.Running && d.Undone != nil {
		return d.Undone
	}
	return d.Progress
}

// Voices is how many people may approve.
func (d *Desk) Voices() int {
	n := 0
	for _, member := range d.Members {
		if member.Role.Writes() {
			n++
		}
	}
	return n
}

// NeedDesk asks for the desk, with an announcement or none; the same event is
// turned again with it.
type NeedDesk struct{ ID string }

// SaveAnnouncement stores an announcement and logs the act. If somebody else was
// quicker, the event is turned again.
type SaveAnnouncement struct {
	Announcement *Announcement
	Act          string
}

// Watch keeps an announcement's progress up to date in this chat; Here: in the
// message that the page is shown in.
type Watch struct {
	Announcement *Announcement
	Here         bool
}

// Invite makes an invitation for a role; the same event is turned again with its code.
type Invite struct {
	Role  Role
	Label string
}

// Join uses an invitation up; the same event is turned again with the role.
type Join struct{ Code string }

// Dismiss takes a moderator's role away.
type Dismiss struct{ Key string }

// Sample sends a post into the asker's chat: a file, or what receivers will see.
type Sample struct{ Post Post }

// Tell shows a page to all others who may approve.
type Tell struct{ Path Path }

func (NeedDesk) effect()         {}
func (SaveAnnouncement) effect() {}
func (Watch) effect()            {}
func (Invite) effect()           {}
func (Join) effect()             {}
func (Dismiss) effect()          {}
func (Sample) effect()           {}
func (Tell) effect()             {}
