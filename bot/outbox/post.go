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

// one brings one due entry to its end and tells which.
func (l *lane) one(ctx context.Context, due Due) string {
	can := l.can(due)
	tally, err := l.tally(ctx, due)
	if err != nil {
		return l.later(ctx, due, err)
	}
	now := l.Now()
	feed, effects := l.Site.Due(due.Feed, due.Kind, due.At, now, tally, can)
	post, wanted := posting(effects)
	sure := due.Sending.IsZero() || can.Has(flows.CanRepeat) && now.Sub(due.Sending).Abs() < repeatUntil
	switch {
	case sure && wanted:
		return l.post(ctx, due, feed, post)
	case wanted: // it most likely arrived: its quiz is closed like any other
		l.settle(ctx, due, feed.Sent(due.Kind, ""))
		return Uncertain
	case !due.Sending.IsZero():
		l.settle(ctx, due, l.Site.Skip(feed, due.Kind, now))
		return Uncertain
	default:
		l.settle(ctx, due, feed)
		return Skipped
	}
}

func (l *lane) can(due Due) flows.Can {
	return l.adapter.Can(&bot.Event{Place: due.Place, Shared: !due.Feed.Private})
}

func posting(effects []flows.Effect) (flows.Post, bool) {
	for _, effect := range effects {
		if post, ok := effect.(flows.Post); ok {
			return post, true
		}
	}
	return flows.Post{}, false
}

// post sends one post and settles the entry by how that ended.
func (l *lane) post(ctx context.Context, due Due, feed flows.Feed, post flows.Post) string {
	turn, err := l.soon(ctx, callsOf(post))
	ok := false
	if err == nil {
		ok, err = l.begin(ctx, turn, func() (bool, error) { return l.Store.MarkSending(ctx, due, leaseFor) })
	}
	if err != nil {
		l.giveBack(ctx, due, l.Now(), !due.Sending.IsZero())
	}
	if err != nil || !ok {
		return Later
	}
	within, cancel := outlive(ctx)
	defer cancel()
	sent, err := l.adapter.Post(bot.WithTurn(within, turn), due.Place, post, nonce(due))
	if err != nil {
		return l.failed(ctx, due, feed, post, err)
	}
	l.rest.worked()
	l.settle(ctx, due, feed.Sent(due.Kind, sent.Message))
	return Sent
}

func (l *lane) failed(ctx context.Context, due Due, feed flows.Feed, post flows.Post, err error) string {
	fault := bot.AsSendError(err)
	switch {
	case fault.Kind == bot.Gone:
		l.insist(ctx, "delete the feed of a place that is gone", func(ctx context.Context) error { return l.Store.DropFeed(ctx, due.Place) })
		return Wiped
	case fault.MovedTo != (bot.Address{}):
		l.giveBack(ctx, due, l.Now().Add(retryIn), false) // it certainly did not arrive
		l.insist(ctx, "move a feed to the group's new id", func(ctx context.Context) error { return l.Store.MoveFeed(ctx, due.Place, fault.MovedTo) })
		return Later
	case fault.Kind == bot.Refused && post.Poll != nil: // where polls are not allowed, buttons may be
		feed.Round.Native = false
		return l.post(ctx, due, feed, flows.Post{Page: post.Page})
	case fault.Kind == bot.Refused:
		return l.refused(ctx, due)
	case fault.Kind == bot.Uncertain && !l.can(due).Has(flows.CanRepeat):
		l.settle(ctx, due, feed.Sent(due.Kind, ""))
		return Uncertain
	default:
		return l.later(ctx, due, err)
	}
}

// refused counts a refusal. One too many pauses the feed, and an admin is told once
// that is kept.
func (l *lane) refused(ctx context.Context, due Due) string {
	feed := l.Site.Refused(due.Feed, due.Kind, l.Now(), maxRefusal)
	if l.settle(ctx, due, feed) && feed.Paused() && !feed.Private { // a person's own chat has nobody else to tell
		within, cancel := outlive(ctx)
		defer cancel()
		err := l.adapter.Alert(within, due.Place, func(name string) *flows.Page { return l.Site.AlertPage(feed, name) })
		if err != nil {
			l.Log.Warn("could not tell an admin that posts are paused; set-up tells it", "platform", string(l.adapter.Name()), "error", err)
		}
	}
	return Refused
}

// retryIn is the pause after a passing fault.
const retryIn = 10 * time.Second

// later gives an entry back after a fault of the moment.
func (l *lane) later(ctx context.Context, due Due, err error) string {
	fault, now := bot.AsSendError(err), l.Now()
	l.rest.failed(now, fault.RetryAfter)
	l.giveBack(ctx, due, now.Add(max(fault.RetryAfter, retryIn)), fault.Kind == bot.Uncertain || !due.Sending.IsZero())
	return Later
}

// tally counts how a group did on the round that closes.
func (l *lane) tally(ctx context.Context, due Due) (flows.Tally, error) {
	round := due.Feed.Round
	if due.Kind != flows.DueClose || round.Question == "" {
		return flows.Tally{}, nil
	}
	if round.Native {
		votes, err := l.poll(ctx, due.Place, round)
		return l.Site.CountPoll(round.Question, votes), err
	}
	counts, err := l.Store.Tally(ctx, due.Place, round.Question)
	return l.Site.CountVotes(round.Question, counts), err
}

// poll closes a native poll. The platform tells its votes only once, so they are
// kept: the post of the result may have to wait.
func (l *lane) poll(ctx context.Context, place bot.Address, round flows.Round) ([]int, error) {
	votes, kept, err := l.Store.KeptPoll(ctx, place, round.Question)
	if err != nil || kept || round.Message == "" {
		return votes, err
	}
	within, cancel := outlive(ctx)
	defer cancel()
	if votes, err = l.adapter.ClosePoll(within, place, round.Message); err != nil {
		if kind := bot.AsSendError(err).Kind; kind == bot.Throttled || kind == bot.Passing {
			return nil, err
		}
		return nil, nil //nolint:nilerr // closed already or deleted: the close goes on without a count
	}
	l.insist(ctx, "keep the votes of a poll", func(ctx context.Context) error { return l.Store.KeepPoll(ctx, place, round.Question, votes) })
	return votes, nil
}

func (l *lane) settle(ctx context.Context, due Due, feed flows.Feed) bool {
	return l.insist(ctx, "settle a post, which comes back as uncertain", func(ctx context.Context) error { return l.Store.Settle(ctx, due, feed) })
}

func (l *lane) giveBack(ctx context.Context, due Due, at time.Time, maybe bool) {
	l.insist(ctx, "give a post back, whose lease ends by itself", func(ctx context.Context) error { return l.Store.GiveBack(ctx, due, at, maybe) })
}

// nonce is the same for every try of one entry and for no other entry: platforms
// look for it among all that the bot sent lately, not in one chat alone.
func nonce(due Due) string {
	place := due.Place
	sum := sha256.Sum256([]byte(strings.Join([]string{string(place.Platform()), place.Chat(), string(due.Kind), due.At.UTC().Format(time.RFC3339)}, "\n")))
	return base64.RawURLEncoding.EncodeToString(sum[:18]) // 24 letters; Discord takes 25
}
