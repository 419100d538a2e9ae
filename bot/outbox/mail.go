package outbox

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// claimFor is the lease of an entry that waits for its moment; its mark takes one of
// leaseFor. So what a dead process had not begun is taken over soon.
const claimFor = 20 * time.Second

// giveUpAfter is how long a receiver that cannot be reached is tried.
const giveUpAfter = 6 * time.Hour

// Pauses between the tries of one receiver grow with the time it has waited.
const slowestRetry = 10 * time.Minute

// deliver brings one receiver's entry to its end and tells which.
func (l *mailLane) deliver(ctx context.Context, a *flows.Announcement, mail Mail) string {
	can := l.canMail(mail)
	now := l.Now()
	if !mail.Sending.IsZero() && (!can.Has(flows.CanRepeat) || now.Sub(mail.Sending).Abs() >= repeatUntil) && a.Undo.Round == 0 {
		return l.settleMail(ctx, mail, Ending{Outcome: flows.OutUncertain}, Uncertain)
	}
	if a.Undo.Round > 0 {
		return l.undo(ctx, a, mail)
	}
	verdict := l.Site.Announce(a, &mail.Feed, string(l.adapter.Name()), mail.LastUse, now)
	switch {
	case verdict.Skip != "":
		return l.settleMail(ctx, mail, Ending{Outcome: flows.OutSkipped, Why: verdict.Skip}, Skipped)
	case !verdict.Later.IsZero() && !mail.Sending.IsZero():
		return l.settleMail(ctx, mail, Ending{Outcome: flows.OutUncertain}, Uncertain)
	case !verdict.Later.IsZero():
		l.insist(ctx, "put an announcement off", func(ctx context.Context) error { return l.store.PostponeMail(ctx, mail, verdict.Later) })
		return Later
	}
	return l.call(ctx, mail, string(verdict.Lang), callsOf(verdict.Post), func(ctx context.Context) (bot.Sent, error) {
		return l.adapter.Post(ctx, mail.Place, verdict.Post, mailNonce(mail))
	})
}

// call waits for the entry's moment, marks it, calls the platform and settles by
// how that ended.
func (l *mailLane) call(ctx context.Context, mail Mail, lang string, calls int, do func(context.Context) (bot.Sent, error)) string {
	turn, outcome := l.turn(ctx, mail, calls)
	if outcome != "" {
		return outcome
	}
	within, cancel := outlive(ctx)
	defer cancel()
	sent, err := do(bot.WithTurn(within, turn))
	if err != nil {
		return l.failedMail(ctx, mail, lang, err)
	}
	l.rest.worked()
	return l.settleMail(ctx, mail, Ending{Outcome: flows.OutSent, Lang: lang, Message: sent.Message}, Sent)
}

// turn returns at the moment of the call, or with how it ended without one. The
// mark comes last, a lead before the moment, so that a death leaves in doubt what
// is on its way and nothing that waits in line. One that a slow store made too late
// for its place in the line is known to be unsent and goes to the line's end.
func (l *mailLane) turn(ctx context.Context, mail Mail, calls int) (*Turn, string) {
	sent := !mail.Sending.IsZero()
	if until := l.rest.end(l.Now()); !until.IsZero() {
		return nil, l.giveBackMail(ctx, mail, until, sent)
	}
	turn, err := l.soon(ctx, calls)
	if until := l.rest.end(l.Now()); !until.IsZero() {
		return nil, l.giveBackMail(ctx, mail, until, sent)
	}
	if err != nil || !l.may(mail.Job) {
		return nil, l.giveBackMail(ctx, mail, l.Now(), sent)
	}
	switch ok, err := l.begin(ctx, turn, func() (bool, error) { return l.store.MarkMail(ctx, mail, leaseFor) }); {
	case err != nil:
		return nil, l.giveBackMail(ctx, mail, l.Now(), sent)
	case !ok:
		return nil, Later
	}
	return turn, ""
}

// callsOf is how many calls a post takes.
func callsOf(post flows.Post) int {
	calls := 1
	for _, more := range []bool{post.Pin, post.Spread} {
		if more {
			calls++
		}
	}
	return calls
}

func (l *mailLane) failedMail(ctx context.Context, mail Mail, lang string, err error) string {
	fault, now := bot.AsSendError(err), l.Now()
	end := Ending{Lang: lang}
	switch {
	case fault.Kind == bot.Gone:
		end.Outcome = flows.OutWiped
		l.settleMail(ctx, mail, end, Wiped) // first: an entry without its feed would be in doubt
		l.insist(ctx, "delete the feed of a place that is gone", func(ctx context.Context) error { return l.store.DropFeed(ctx, mail.Place) })
		return Wiped
	case fault.MovedTo != (bot.Address{}):
		// First: it certainly did not arrive. The next claim finds where the feed went.
		l.giveBackMail(ctx, mail, now.Add(retryIn), !mail.Sending.IsZero())
		l.insist(ctx, "move a feed to the group's new id", func(ctx context.Context) error { return l.store.MoveFeed(ctx, mail.Place, fault.MovedTo) })
		return Later
	case fault.Kind == bot.Refused:
		end.Outcome = flows.OutRefused
		return l.settleMail(ctx, mail, end, Refused)
	case fault.Kind == bot.Uncertain && !l.canMail(mail).Has(flows.CanRepeat):
		l.rest.failed(now, 0) // a platform that hangs must not leave one receiver after the other in doubt
		end.Outcome = flows.OutUncertain
		return l.settleMail(ctx, mail, end, Uncertain)
	case now.Sub(mail.At) > giveUpAfter:
		end.Outcome, end.Why = flows.OutFailed, fault.Kind.String()
		return l.settleMail(ctx, mail, end, Refused)
	}
	l.rest.failed(now, fault.RetryAfter)
	maybe := fault.Kind == bot.Uncertain || !mail.Sending.IsZero()
	wait := min(max(now.Sub(mail.At)/2, retryIn), slowestRetry)
	if maybe { // while the nonce is known
		wait = retryIn
	}
	return l.giveBackMail(ctx, mail, now.Add(max(fault.RetryAfter, wait)), maybe)
}

// undo deletes or edits what a receiver was sent. Both may be done twice.
func (l *mailLane) undo(ctx context.Context, a *flows.Announcement, mail Mail) string {
	if mail.Message == "" {
		return l.settleMail(ctx, mail, Ending{Outcome: flows.OutSkipped}, Skipped)
	}
	lang, post := l.Site.Corrected(a, &mail.Feed)
	return l.call(ctx, mail, string(lang), 1, func(ctx context.Context) (bot.Sent, error) {
		if !a.Undo.Delete {
			return bot.Sent{}, l.adapter.Edit(ctx, mail.Place, mail.Message, post)
		}
		left, err := l.adapter.Delete(ctx, mail.Place, []string{mail.Message})
		if err == nil && left > 0 { // too old for the platform
			err = &bot.SendError{Kind: bot.Refused, Op: "delete"}
		}
		return bot.Sent{}, err
	})
}

func (l *mailLane) canMail(mail Mail) flows.Can {
	return l.adapter.Can(&bot.Event{Place: mail.Place, Shared: !mail.Feed.Private})
}

func (l *mailLane) settleMail(ctx context.Context, mail Mail, end Ending, outcome string) string {
	l.insist(ctx, "settle an announcement, which comes back as uncertain", func(ctx context.Context) error { return l.store.SettleMail(ctx, mail, end) })
	return outcome
}

func (l *mailLane) giveBackMail(ctx context.Context, mail Mail, at time.Time, maybe bool) string {
	l.insist(ctx, "give an announcement back, whose lease ends by itself", func(ctx context.Context) error { return l.store.GiveBackMail(ctx, mail, at, maybe) })
	return Later
}

// mailNonce is the same for every try at one receiver.
func mailNonce(mail Mail) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(mail.Place.Platform()), mail.Place.Chat(), mail.Job}, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}
