// Command notalone is the Not Alone safety bot: serve runs it on the platforms,
// chat talks to it in the terminal, check proves the content.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the image has no zone files

	"github.com/alecthomas/kong"

	"notalone/bot/redisstore"
)

// version is set by the linker at a release.
var version = "dev"

// cli lists the commands; serve is what runs without one.
type cli struct {
	Serve      serveCmd      `cmd:"" default:"1" help:"Run the bot on the platforms that have a token."`
	Chat       chatCmd       `cmd:"" help:"Talk to the bot in the terminal; it forgets on exit."`
	Check      checkCmd      `cmd:"" help:"Check all content and words and print every fault with file and line."`
	Picture    pictureCmd    `cmd:"" help:"Draw a transcript as an SVG picture."`
	Print      printCmd      `cmd:"" help:"Print transcripts as Markdown."`
	Simulate   simulateCmd   `cmd:"" help:"Play a week of posts to groups and people, by an accelerated clock, and check every promise."`
	Understand understandCmd `cmd:"" help:"Read lines from standard input and print what they are taken for, as JSON."`
	Trick      trickCmd      `cmd:"" help:"Read lines from standard input and print the signs of a trick in them, as JSON."`
	Announce   announceCmd   `cmd:"" help:"Check, send and watch announcements from a file or by their id."`
	Audit      auditCmd      `cmd:"" help:"Print what moderators did, and prove that nobody changed the log."`
	Keygen     keygenCmd     `cmd:"" help:"Print a new secret for NOTALONE_KEY."`
	Health     healthCmd     `cmd:"" help:"Ask a running bot whether it lives; for container health checks."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// errUsage marks wrong settings: exit status 2 instead of 1.
var errUsage = errors.New("wrong setting")

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	parsed := kong.Parse(&c, kong.Name("notalone"), kong.Description("The Not Alone safety bot."), kong.UsageOnError(), kong.Exit(leave))
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "notalone:", err)
		return exitStatus(err)
	}
	return 0
}

// leave ends the program as kong wants it; what cannot be parsed is wrong use.
func leave(code int) {
	if code != 0 {
		code = 2
	}
	os.Exit(code)
}

func exitStatus(err error) int {
	switch {
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, errFlawed):
		return exitFlawed
	case errors.Is(err, errWaiting):
		return exitWaiting
	case errors.Is(err, redisstore.ErrTampered):
		return exitChanged
	}
	return 1
}

type versionCmd struct{}

// Run implements the command.
func (versionCmd) Run() error {
	_, err := fmt.Println(version)
	return err
}
