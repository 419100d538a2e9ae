package redisstore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"notalone/bot"
	"notalone/bot/outbox"
	"notalone/flows"
)

// stateSent begins the kept state of a receiver that was sent the announcement;
// the sealed id of the message follows.
const stateSent = "s:"

// MarkMail notes that the platform is about to be called and lengthens the lease;
// false if the lease is lost or the feed was changed since it was read.
func (s *Store) MarkMail(ctx context.Context, mail outbox.Mail, lease time.Duration) (bool, error) {
	q, now := jobAt(mail.Place.Platform(), mail.Shard, mail.Job).queue, s.now()
	feed := namedFeed(mail.Place.Platform(), mail.Shard, mail.Member).feed
	marked, err := markScript.Run(ctx, s.client, []string{feed, q.leased, q.slot, q.sending},
		mail.Member, "", mail.Lease, mail.Version, now.Unix(), now.Add(lease).Unix(), now.Add(anewIn).Unix()).Int()
	if err != nil {
		return false, fmt.Errorf("mark an announcement as being sent: %w", err)
	}
	return marked == 1, nil
}

// SettleMail keeps how a receiver's entry ended. A lease that is not held any
// more is left alone.
func (s *Store) SettleMail(ctx context.Context, mail outbox.Mail, end outbox.Ending) error {
	return s.endMail(ctx, jobAt(mail.Place.Platform(), mail.Shard, mail.Job), mail, "", end)
}

// PostponeMail lets the receiver's time come again later.
func (s *Store) PostponeMail(ctx context.Context, mail outbox.Mail, at time.Time) error {
	return s.endMail(ctx, jobAt(mail.Place.Platform(), mail.Shard, mail.Job), mail, unix(at), outbox.Ending{})
}

// GiveBackMail lets a lease end at a time.
func (s *Store) GiveBackMail(ctx context.Context, mail outbox.Mail, at time.Time, maybe bool) error {
	return s.giveBack(ctx, jobAt(mail.Place.Platform(), mail.Shard, mail.Job).queue, mail.Member, mail.Lease, at, maybe)
}

func (s *Store) endMail(ctx context.Context, job jobKeys, mail outbox.Mail, later string, end outbox.Ending) error {
	state := end.Outcome
	if end.Outcome == flows.OutSent {
		state = stateSent + s.seals.seal(job.state, []byte(end.Message))
	}
	tally := strings.Join([]string{end.Outcome, end.Why, end.Lang}, "|")
	err := endMailScript.Run(ctx, s.client, job.list(), mail.Member, mail.Lease, later, state, tally, jobFor.Milliseconds()).Err()
	if err != nil {
		return fmt.Errorf("end a receiver's entry: %w", err)
	}
	return nil
}

// forward puts the new name of a group that moved into the queue, then ends the
// old one's entry. Only the new one is counted as a receiver; doing it again
// changes nothing.
func (s *Store) forward(ctx context.Context, platform bot.Name, mail outbox.Mail, name string) error {
	job := jobAt(platform, shardOfName(name), mail.Job)
	err := enlistScript.Run(ctx, s.client, []string{job.queue.due, job.queue.leased, job.state, job.stats},
		s.now().Unix(), jobFor.Milliseconds(), name).Err()
	if err != nil {
		return fmt.Errorf("forward an announcement: %w", err)
	}
	return s.endMail(ctx, jobAt(platform, mail.Shard, mail.Job), mail, "", outbox.Ending{Outcome: outMoved})
}

// endGone ends the entry of a receiver without a feed: it was stopped, its life
// ran out, or its group moved and is found at its new address.
func (s *Store) endGone(ctx context.Context, a *flows.Announcement, c claim, platform bot.Name, mail outbox.Mail) error {
	name, err := s.newName(ctx, c.keys)
	if err != nil {
		return err
	}
	end := outbox.Ending{Outcome: flows.OutSkipped, Why: flows.SkipUnwanted}
	switch {
	case !mail.Sending.IsZero() && a.Undo.Round == 0:
		end = outbox.Ending{Outcome: flows.OutUncertain}
	case name != "" && a.Undo.Round == 0:
		return s.forward(ctx, platform, mail, name)
	}
	return s.endMail(ctx, jobAt(platform, mail.Shard, mail.Job), mail, "", end)
}

// outMoved ends the entry of an address that is no receiver any more.
const outMoved = "moved"

// DropJob removes who still waits in a job's queue. What is in hand ends by
// itself; what a process left behind is gone in an hour.
func (s *Store) DropJob(ctx context.Context, platform bot.Name, job string) error {
	pipe := s.client.Pipeline()
	for shard := range shards {
		q := jobAt(platform, shard, job).queue
		pipe.Del(ctx, q.due)
		for _, key := range []string{q.leased, q.slot, q.sending} {
			pipe.Expire(ctx, key, time.Hour)
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("empty an announcement's queue: %w", err)
	}
	return nil
}

// Progress adds up the tallies of a job and the presses on its buttons.
func (s *Store) Progress(ctx context.Context, a *flows.Announcement, platforms []bot.Name) (*flows.Progress, error) {
	pipe := s.client.Pipeline()
	stats := map[bot.Name][]*redis.MapStringStringCmd{}
	var left []*redis.IntCmd
	for _, platform := range platforms {
		for shard := range shards {
			stats[platform] = append(stats[platform], pipe.HGetAll(ctx, jobAt(platform, shard, a.Queue()).stats))
		}
		left = append(left, s.readLeft(ctx, pipe, platform, a.Queue())...)
	}
	presses := s.readPresses(ctx, pipe, a)
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read the progress of an announcement: %w", err)
	}
	progress := &flows.Progress{Left: sum(left), Tallies: []flows.Tallied{}, Presses: map[flows.Path]int{}}
	for _, platform := range platforms {
		progress.Tallies = append(progress.Tallies, tallied(progress, platform, stats[platform])...)
	}
	for path, days := range presses {
		for _, day := range days {
			n, _ := day.Int()
			progress.Presses[path] += n
		}
	}
	return progress, nil
}

// tallied adds up one platform's shards, in a fixed order.
func tallied(progress *flows.Progress, platform bot.Name, shards []*redis.MapStringStringCmd) []flows.Tallied {
	counts := map[string]int{}
	for _, shard := range shards {
		for name, value := range shard.Val() {
			n, _ := strconv.Atoi(value)
			counts[name] += n
		}
	}
	progress.All += counts["all"]
	var tallies []flows.Tallied
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		parts := strings.Split(name, "|")
		switch {
		case len(parts) != 3:
		case parts[0] == outMoved:
			progress.All -= counts[name]
		default:
			tallies = append(tallies, flows.Tallied{Outcome: parts[0], Why: parts[1], Lang: parts[2], Platform: string(platform), N: counts[name]})
		}
	}
	return tallies
}

// pressDays bounds over how many days presses are added up.
const pressDays = 90

// readPresses asks for the daily totals of each button since the start.
func (s *Store) readPresses(ctx context.Context, pipe redis.Pipeliner, a *flows.Announcement) map[flows.Path][]*redis.StringCmd {
	presses := map[flows.Path][]*redis.StringCmd{}
	if a.Started == 0 {
		return presses
	}
	for _, button := range a.Buttons {
		if button.Path == "" {
			continue
		}
		day := time.Unix(a.Started, 0).UTC()
		for n := 0; n < pressDays && !day.After(s.now().UTC()); n++ {
			presses[button.Path] = append(presses[button.Path], pipe.HGet(ctx, totals(day.Format(time.DateOnly)), flows.ViaCount(a.ID, button.Path)))
			day = day.AddDate(0, 0, 1)
		}
	}
	return presses
}
