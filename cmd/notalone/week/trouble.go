package week

import (
	"context"
	"fmt"
	"time"

	"notalone/bot"
	"notalone/flows"
)

// cut now and then drops all connections to the store while the processes work.
func (w *Week) cut(ctx context.Context) <-chan error {
	done := make(chan error, 1)
	if !w.Kills || w.random.IntN(5) > 0 {
		done <- nil
		return done
	}
	w.cuts++
	wait := time.Duration(w.random.IntN(4000)) * time.Microsecond
	go func() {
		bot.Sleep(ctx, wait)
		done <- w.redis.Cut(ctx)
	}()
	return done
}

// outage switches the store off for some minutes.
func (w *Week) outage(ctx context.Context) error {
	w.outages++
	up, err := w.redis.Down(ctx)
	if err != nil {
		return fmt.Errorf("switch the store off: %w", err)
	}
	for range 3 {
		w.look(ctx)
		w.turnTo(w.Now().Add(time.Duration(30+w.random.IntN(120)) * time.Second))
	}
	if err := up(); err != nil {
		return fmt.Errorf("switch the store on: %w", err)
	}
	return nil
}

// befall lets a member meet its fate as far as the store is told of it. A bot that
// is removed is told by the next post, and so are half of the moves.
func (w *Week) befall(ctx context.Context, m *member) error {
	var err error
	switch m.fate {
	case retimed:
		var feed *flows.Feed
		var version string
		if feed, version, err = w.store.Feed(ctx, m.place); err != nil || feed == nil {
			break
		}
		feed.Quiz = m.later
		_, err = w.store.SaveFeed(ctx, m.place, feed, version)
	case stops:
		err = w.store.DropFeed(ctx, m.place)
	case moves:
		if w.random.IntN(2) == 0 {
			err = w.store.MoveFeed(ctx, m.place, m.after)
		}
	case stays, leaves, forbids:
	}
	if err != nil {
		return fmt.Errorf("change a feed: %w", err)
	}
	return nil
}

// vote answers the quizzes that were asked since the last time: up to thirty
// pupils each, and some try twice.
func (w *Week) vote(ctx context.Context) error {
	for _, quiz := range w.fresh {
		question := w.questionOf(quiz)
		if question == nil {
			w.breaks("%s: a quiz shows a question that nobody knows", quiz.member.name)
			continue
		}
		quiz.votes = make([]int, len(question.Choices))
		for pupil := range w.random.IntN(31) {
			choice := w.random.IntN(len(question.Choices))
			quiz.votes[choice]++
			if quiz.poll != nil {
				continue
			}
			if err := w.press(ctx, quiz, question, pupil, choice); err != nil {
				return err
			}
		}
	}
	w.fresh = nil
	return nil
}

func (w *Week) press(ctx context.Context, quiz *post, question *flows.Question, pupil, choice int) error {
	place := quiz.member.place
	if quiz.member.happened(moves, quiz.at) {
		place = quiz.member.after
	}
	person := bot.NewPerson(place.Platform(), fmt.Sprint("pupil ", pupil))
	for try := range 1 + w.random.IntN(2) {
		first, err := w.store.Vote(ctx, place, question.ID, person, question.Choices[choice])
		if err != nil {
			return fmt.Errorf("answer a quiz: %w", err)
		}
		if first != (try == 0) {
			w.breaks("%s: answer %d of a pupil counted: %v", quiz.member.name, try+1, first)
		}
	}
	return nil
}

// questionOf finds the question by what the buttons of its page lead to.
func (w *Week) questionOf(quiz *post) *flows.Question {
	for _, question := range w.Site.Content().Questions {
		for _, link := range quiz.page.Links() {
			if link == flows.Path("class/"+question.ID+"/"+question.Right) {
				return &question
			}
		}
	}
	return nil
}

// end removes every feed, as if all had said stop.
func (w *Week) end(ctx context.Context) error {
	for _, m := range w.members {
		for _, place := range []bot.Address{m.place, m.after} {
			if place == (bot.Address{}) {
				continue
			}
			if err := w.store.DropFeed(ctx, place); err != nil {
				return fmt.Errorf("remove a feed: %w", err)
			}
		}
	}
	return nil
}

func (w *Week) breaks(format string, args ...any) {
	w.broken = append(w.broken, fmt.Sprintf(format, args...))
}
