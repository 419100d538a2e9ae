package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"notalone/bot"
	"notalone/bot/redisstore"
	"notalone/bot/telegram"
	"notalone/flows"
	"notalone/i18n"
)

// printedFile is the example of docs/announcements.md.
func printedFile(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../../docs/announcements.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(page), "```yaml\n")
	example, _, found := strings.Cut(after, "```")
	if !found {
		t.Fatal("docs/announcements.md has no example")
	}
	return example
}

func announcementFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "news.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePrintedFileIsSound(t *testing.T) {
	site, err := buildSite("", flows.Operator{News: flows.Newsroom{Links: []string{"example.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := readAnnouncement(announcementFile(t, printedFile(t)), "", site)
	if err != nil {
		t.Fatal(err)
	}
	if flaws := site.Proof(a, transcriptTime); len(flaws) > 0 {
		t.Errorf("the example has flaws: %+v", flaws)
	}
	if !a.When.Local || len(a.Buttons) != 2 || len(a.Texts) != 3 || a.Picture.Alt["vi"] == "" || len(a.To.Kinds) != 2 {
		t.Errorf("it was read as %+v", a)
	}
}

// shellEnv sets the environment of the commands up: a Redis, a key and what the
// operator allows. It returns the store that they work on.
func shellEnv(t *testing.T) *redisstore.Store {
	t.Helper()
	address := freePort(t)
	startRedis(t, address)
	key := redisstore.NewSecret()
	for name, value := range map[string]string{"REDIS_URL": "redis://" + address, "NOTALONE_KEY": key, "ANNOUNCE_LINKS": "example.org"} {
		t.Setenv(name, value)
	}
	client, err := redisstore.Connect("redis://"+address, redisstore.Patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	secret, err := redisstore.ParseSecret(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := redisstore.New(client, secret, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

const shortNews = "texts: {en: Nobody needs your code but you.}\n"

func TestAFilesWayOut(t *testing.T) {
	for name, tc := range map[string]struct {
		file       string
		owners     string // MODERATORS
		command    announceFileCmd
		want       error
		wantStatus int
		stage      flows.Stage // of what is stored; empty: nothing
	}{
		"looked at":                {file: shortNews, command: announceFileCmd{DryRun: true}},
		"kept as a draft":          {file: shortNews, stage: flows.Drafted},
		"sent":                     {file: shortNews, command: announceFileCmd{Send: true}, stage: flows.Scheduled},
		"one moderator, sent":      {file: shortNews, owners: "telegram:1", command: announceFileCmd{Send: true}, stage: flows.Scheduled},
		"two moderators, it waits": {file: shortNews, owners: "telegram:1,discord:2", command: announceFileCmd{Send: true}, want: errWaiting, wantStatus: 4, stage: flows.Waiting},
		"a foreign link":           {file: shortNews + "buttons: [{link: 'https://elsewhere.example', label: {en: Go}}]\n", command: announceFileCmd{Send: true}, want: errFlawed, wantStatus: 3},
		"a foreign picture":        {file: shortNews + "picture: {url: 'https://elsewhere.example/x.png', alt: {en: x}}\n", command: announceFileCmd{Send: true}, want: errFlawed, wantStatus: 3},
		"no text":                  {file: "texts: {}\n", want: errFlawed, wantStatus: 3},
		"a country's name":         {file: shortNews + "audience: {countries: [Vietnam]}\n", want: errUsage, wantStatus: 2},
		"no such language":         {file: shortNews + "audience: {languages: [vn]}\n", want: errUsage, wantStatus: 2},
		"no such app":              {file: shortNews + "audience: {platforms: [zalo]}\n", want: errUsage, wantStatus: 2},
		"no such kind":             {file: shortNews + "audience: {kinds: [groups]}\n", want: errUsage, wantStatus: 2},
		"a misspelt field":         {file: "text: {en: x}\n", want: errUsage, wantStatus: 2},
	} {
		t.Run(name, func(t *testing.T) {
			store := shellEnv(t)
			t.Setenv("MODERATORS", tc.owners)
			tc.command.Path = announcementFile(t, tc.file)
			err := tc.command.Run(t.Context())
			if !errors.Is(err, tc.want) || err != nil && exitStatus(err) != tc.wantStatus {
				t.Fatalf("it ended with %v, want %v", err, tc.want)
			}
			list, err := store.Announcements(t.Context(), 10)
			if err != nil || (len(list) == 0) != (tc.stage == "") {
				t.Fatalf("%d are stored, %v", len(list), err)
			}
			if tc.stage != "" && (list[0].Stage != tc.stage || list[0].Approved() != (tc.stage == flows.Scheduled)) {
				t.Errorf("it is %s, approved %v", list[0].Stage, list[0].Approved())
			}
		})
	}
}

func TestAScriptThatRunsTwiceSendsOnce(t *testing.T) {
	store := shellEnv(t)
	send := announceFileCmd{Path: announcementFile(t, shortNews), Send: true}
	if err := send.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := send.Run(t.Context()); err == nil || exitStatus(err) != 1 {
		t.Errorf("the second run ended with %v", err)
	}
	if list, err := store.Announcements(t.Context(), 10); err != nil || len(list) != 1 {
		t.Errorf("%d are stored, %v", len(list), err)
	}
}

func TestCommandsOnOneAnnouncement(t *testing.T) {
	store := shellEnv(t)
	if err := store.ServePlatforms(t.Context(), telegram.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := store.SaveFeed(t.Context(), bot.NewAddress(telegram.Name, "-1", ""), &flows.Feed{News: true, Lang: "vi", Zone: "UTC"}, ""); err != nil {
		t.Fatal(err)
	}
	a := &flows.Announcement{ID: flows.NewsID(3), Stage: flows.Sending, Started: time.Now().Unix()}
	if ok, err := store.SaveAnnouncement(t.Context(), shell, a, "", "began"); err != nil || !ok {
		t.Fatal(ok, err)
	}
	this := announceID{ID: a.ID}
	for _, step := range []struct {
		name  string
		run   func() error
		fails bool
		stage flows.Stage
	}{
		{"resume what goes on", func() error { return announceResumeCmd{this}.Run(t.Context()) }, true, flows.Sending},
		{"pause", func() error { return announcePauseCmd{this}.Run(t.Context()) }, false, flows.Paused},
		{"resume", func() error { return announceResumeCmd{this}.Run(t.Context()) }, false, flows.Sending},
		{"show", func() error { return announceShowCmd{this}.Run(t.Context()) }, false, flows.Sending},
		{"report", func() error { return announceReportCmd{announceID: this, CSV: true}.Run(t.Context()) }, false, flows.Sending},
		{"cancel", func() error { return announceCancelCmd{this}.Run(t.Context()) }, false, flows.Cancelled},
		{"cancel again", func() error { return announceCancelCmd{this}.Run(t.Context()) }, true, flows.Cancelled},
		{"list", func() error { return announceListCmd{JSON: true}.Run(t.Context()) }, false, flows.Cancelled},
	} {
		if err := step.run(); (err != nil) != step.fails {
			t.Errorf("%s: %v", step.name, err)
		}
		if now, _, err := store.Announcement(t.Context(), a.ID); err != nil || now.Stage != step.stage {
			t.Errorf("after %s it is %s, %v; want %s", step.name, now.Stage, err, step.stage)
		}
	}
	undo, version, err := store.Announcement(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	undo.Undo = flows.Undo{Running: true, Delete: true, Round: 1}
	if ok, err := store.SaveAnnouncement(t.Context(), shell, undo, version, "undo: delete"); err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, step := range []struct {
		name string
		run  func() error
		want string // what the undo does then
	}{
		{"pause the undo", func() error { return announcePauseCmd{this}.Run(t.Context()) }, "paused"},
		{"resume the undo", func() error { return announceResumeCmd{this}.Run(t.Context()) }, "deleting"},
		{"cancel the undo", func() error { return announceCancelCmd{this}.Run(t.Context()) }, ""},
	} {
		err := step.run()
		if now, _, readErr := store.Announcement(t.Context(), a.ID); errors.Join(err, readErr) != nil || now.Undo.Doing() != step.want {
			t.Errorf("after %s: %q, %v", step.name, now.Undo.Doing(), errors.Join(err, readErr))
		}
	}
	if err := (announceShowCmd{announceID{ID: "nothing"}}).Run(t.Context()); exitStatus(err) != 2 {
		t.Errorf("an unknown id: %v", err)
	}
}

func TestAuditKnowsAnEntryNotedEarlier(t *testing.T) {
	store := shellEnv(t)
	if _, err := store.Invite(t.Context(), shell, flows.RoleViewer, "Mai"); err != nil {
		t.Fatal(err)
	}
	var noted string
	if err := store.Audit(t.Context(), func(e redisstore.Entry) error { noted = e.Sum; return nil }); err != nil {
		t.Fatal(err)
	}
	for since, want := range map[string]int{"": 0, noted: 0, "0123": exitChanged} {
		status := 0
		if err := (auditCmd{JSON: true, Since: since}).Run(t.Context()); err != nil {
			status = exitStatus(err)
		}
		if status != want {
			t.Errorf("since %q: status %d, want %d", since, status, want)
		}
	}
}

// TestWhatIsShownCanBeSentAgain: show prints the fields of a file.
func TestWhatIsShownCanBeSentAgain(t *testing.T) {
	site, err := buildSite("", flows.Operator{News: flows.Newsroom{Links: []string{"example.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"the printed one": printedFile(t),
		"the shortest":    shortNews,
		"only groups":     shortNews + "audience: {who: [groups]}\nat: 2026-12-01T08:00\nzone: Asia/Jakarta\n",
	} {
		want, err := readAnnouncement(announcementFile(t, text), "", site)
		if err != nil {
			t.Fatal(err)
		}
		again, err := yaml.Marshal(fileOf(want))
		if err != nil {
			t.Fatal(err)
		}
		got, err := readAnnouncement(announcementFile(t, string(again)), "", site)
		if err != nil {
			t.Fatalf("%s: %v in\n%s", name, err, again)
		}
		if got.Hash() != want.Hash() {
			t.Errorf("%s comes back as another one:\n%s", name, again)
		}
	}
}

// TestExitStatusAndFields runs the binary as a script does.
func TestExitStatusAndFields(t *testing.T) {
	store := shellEnv(t)
	t.Setenv("MODERATORS", "telegram:1,discord:2")
	path, err := building()
	if err != nil {
		t.Fatal(err)
	}
	sound, flawed := announcementFile(t, shortNews), announcementFile(t, "texts: {}\n")
	sending := &flows.Announcement{ID: flows.NewsID(3), Stage: flows.Sending, Started: time.Now().Unix(), Texts: map[i18n.Lang]string{"en": "x"}, Undo: flows.Undo{Round: 1}}
	if ok, err := store.SaveAnnouncement(t.Context(), shell, sending, "", "began"); err != nil || !ok {
		t.Fatal(ok, err)
	}
	for _, tc := range []struct {
		args   string
		status int
		fields string // of what is printed
	}{
		{"announce " + sound + " --dry-run --json", 0, "all approval fallback flaws hash none when"},
		{"announce " + sound + " --json", 0, "all approval fallback flaws hash id none stage when"},
		{"announce " + sound + " --send --json", 4, "all approval fallback flaws hash id none stage told when"},
		{"announce " + sound + " --send --json", 1, ""}, // the same is waiting
		{"announce " + flawed + " --json", 3, "all approval fallback flaws hash none when"},
		{"announce " + flawed + "x", 2, ""},
		{"announce " + sound + " --at noon", 2, ""},
		{"announce", 2, ""},
		{"announce --bogus", 2, ""},
		{"announce show nothing", 2, ""},
		{"announce pause", 2, ""},
		{"announce show " + sending.ID + " --json", 0, "approved changed hash id stage started texts"},
		{"announce report " + sending.ID + " --json", 0, "all id left stage started tallies undo"},
		{"announce pause " + sending.ID + " --json", 0, "approved changed hash id stage started"},
		{"announce pause " + sending.ID, 1, ""}, // it is paused
		{"audit", 0, ""},
		{"audit --since 0123", 5, ""},
		{"nonsense", 2, ""},
	} {
		var printed bytes.Buffer
		cmd := exec.CommandContext(t.Context(), path, strings.Fields(tc.args)...)
		cmd.Stdout = &printed
		_ = cmd.Run()
		if got := cmd.ProcessState.ExitCode(); got != tc.status {
			t.Errorf("%s: status %d, want %d", tc.args, got, tc.status)
		}
		if tc.fields == "" {
			continue
		}
		var fields map[string]any
		if err := json.Unmarshal(printed.Bytes(), &fields); err != nil {
			t.Errorf("%s prints %q: %v", tc.args, printed.String(), err)
		}
		delete(fields, "reach")
		if got := strings.Join(slices.Sorted(maps.Keys(fields)), " "); got != tc.fields {
			t.Errorf("%s prints the fields %s, want %s", tc.args, got, tc.fields)
		}
	}
}
